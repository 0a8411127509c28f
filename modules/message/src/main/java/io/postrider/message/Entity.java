package io.postrider.message;

import io.postrider.message.Part.Kind;
import io.postrider.message.Part.TransferEncoding;
import java.util.ArrayList;
import java.util.List;

/** A part while it is being read: the message itself, a multipart's part, or the message within a part. */
final class Entity {
    final Entity parent;
    final int depth;
    final long headerStart;
    final List<Entity> children = new ArrayList<>(0);
    long headerLength;
    long bodyStart;
    long bodyLength;
    long lineFeedsBeforeBody;
    long lines;
    Kind kind = Kind.LEAF;
    TransferEncoding encoding;
    boolean isText;
    boolean isDigest;
    Description description;

    /** Of a multipart whose closing delimiter has not come; null otherwise. */
    byte[] boundary;

    Entity(Entity parent, long headerStart) {
        this.parent = parent;
        this.depth = parent == null ? 0 : parent.depth + 1;
        this.headerStart = headerStart;
    }

    /** Takes what has to be known to the end; the rest of {@code content} can be long and is let go. */
    void keep(Content content, Description told) {
        encoding = content.encoding();
        isText = content.isText();
        isDigest = content.isMultipart() && content.subtype().equals("DIGEST");
        description = told;
    }

    boolean isWithinDigest() {
        return parent != null && parent.isDigest;
    }

    /** Whether this is a message: the one that came, or one within a part. */
    boolean isMessage() {
        return parent == null || parent.kind == Kind.MESSAGE;
    }

    boolean isWithinMessagePart() {
        for (Entity above = parent; above != null; above = above.parent) {
            if (above.kind == Kind.MESSAGE) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where the last child ends, or else where the body starts. A child that is nothing but a header may end behind the
     * line break that belongs to the delimiter.
     */
    long endOfChildren() {
        if (children.isEmpty()) {
            return bodyStart;
        }
        Entity last = children.get(children.size() - 1);
        return last.bodyStart + last.bodyLength;
    }

    /** @param origin where the root's body starts */
    Part toPart(long origin) {
        List<Part> parts = new ArrayList<>(children.size());
        children.forEach(child -> parts.add(child.toPart(origin)));
        return parent == null
                ? new Part(kind, 0, 0, 0, bodyLength, encoding, parts)
                : new Part(kind, headerStart - origin, headerLength, bodyStart - origin, bodyLength, encoding, parts);
    }

    /** BODYSTRUCTURE, or BODY when not {@code extended}. */
    void write(WireWriter out, boolean extended) {
        out.atom("(");
        if (kind == Kind.MULTIPART) {
            children.forEach(child -> child.write(out, extended));
            out.space().octets(description.fields());
        } else {
            out.octets(description.fields()).space().number(bodyLength);
            if (kind == Kind.MESSAGE) {
                out.space().octets(description.envelope()).space();
                children.get(0).write(out, extended);
            }
            if (kind == Kind.MESSAGE || isText) {
                out.space().number(lines);
            }
        }
        if (extended) {
            out.space().octets(description.extension());
        }
        out.atom(")");
    }
}
