package io.postrider.imap;

import io.postrider.imap.FetchItem.Attribute;
import io.postrider.imap.FetchItem.Section;
import io.postrider.message.HeaderFields;
import io.postrider.message.OctetRange;
import io.postrider.message.SectionText;
import io.postrider.store.FetchedMessage;
import io.postrider.store.Flags;
import io.postrider.store.Message;
import io.postrider.store.Messages;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes FETCH responses. Octets that came with the message are copied; those of a large one are read slice by slice, one
 * ahead while the client takes the one before. RFC 3501 §7.4.2
 *
 * <p>Easy to get wrong: behind a literal's head there is no way back. If its octets cannot be had, the connection ends.
 */
final class FetchResponse {
    /** Octets that are written before the client must have taken them. */
    private static final int OCTETS_AT_ONCE = 64 << 10;

    /** Octets of a part's header that HEADER.FIELDS looks at; as many as a parsed one has at most. */
    private static final int MAX_HEADER = 1 << 20;

    /** What iOS gets when it asks past the end: every client understands it. */
    private static final String NOTHING = "\"\"";

    private static final Logger LOG = LoggerFactory.getLogger(FetchResponse.class);

    private final ImapSession session;
    private final SelectedMailbox mailbox;
    private final List<FetchItem> items;
    private final boolean tellsFlags;
    private final ResponseWriter out;
    private boolean lackedOctets;

    FetchResponse(ImapSession session, SelectedMailbox mailbox, List<FetchItem> items) {
        this.session = session;
        this.mailbox = mailbox;
        this.items = items;
        this.tellsFlags = items.contains(Attribute.FLAGS);
        this.out = session.response();
    }

    /** Whether a message's octets were gone, so that NIL stands for them. */
    boolean lackedOctets() {
        return lackedOctets;
    }

    /**
     * Writes a response for each; done when the client has taken them.
     *
     * @param seen messages that have just been made \Seen: their flags are told even if nobody asked
     */
    Future<Void> write(List<FetchedMessage> messages, Map<Long, Messages.FlagState> seen) {
        Iterator<FetchedMessage> each = messages.iterator();
        return EachInOrder.whileTrue(() -> {
            if (!each.hasNext()) {
                return flush().map(false);
            }
            FetchedMessage message = each.next();
            Messages.FlagState state = seen.get(message.message().uid());
            Future<Void> written = message(state == null ? message : with(message, state), state != null);
            return written == null ? Future.succeededFuture(true) : written.map(true);
        });
    }

    private static FetchedMessage with(FetchedMessage fetched, Messages.FlagState state) {
        Message before = fetched.message();
        Message now = new Message(
                before.uid(),
                state.modSeq(),
                state.flags(),
                before.internalDate(),
                before.saveDate(),
                before.size(),
                before.contentId());
        return new FetchedMessage(
                now,
                fetched.header(),
                fetched.envelope(),
                fetched.bodyStructure(),
                fetched.body(),
                fetched.structure(),
                fetched.firstOctets());
    }

    /** Null when it is written already and the client need not be waited for. */
    private Future<Void> message(FetchedMessage message, boolean flagsChanged) {
        out.raw("* ").number(mailbox.uids().sequence(message.message().uid())).raw(" FETCH (");
        return items(message, 0, flagsChanged);
    }

    private Future<Void> items(FetchedMessage message, int from, boolean flagsChanged) {
        for (int i = from; i < items.size(); i++) {
            if (i > 0) {
                out.raw(" ");
            }
            if (items.get(i) instanceof Section section) {
                Future<Void> written = section(message, section);
                if (written != null) {
                    int next = i + 1;
                    return written.compose(done -> {
                        Future<Void> others = items(message, next, flagsChanged);
                        return others == null ? Future.succeededFuture() : others;
                    });
                }
            } else {
                attribute(message, (Attribute) items.get(i));
            }
        }
        if (flagsChanged) {
            changedFlags(message.message());
        }
        out.raw(")").crlf();
        return out.length() < OCTETS_AT_ONCE ? null : flush();
    }

    private void attribute(FetchedMessage fetched, Attribute attribute) {
        Message message = fetched.message();
        out.raw(attribute.word()).raw(" ");
        switch (attribute) {
            case UID -> out.number(message.uid());
            case FLAGS -> out.flags(message.flags(), mailbox.isRecent(message.uid()));
            case INTERNALDATE -> out.dateTime(message.internalDate());
            case SIZE -> out.number(message.size());
            case ENVELOPE -> out.raw(fetched.envelope());
            case BODY -> out.raw(fetched.body());
            case BODYSTRUCTURE -> out.raw(fetched.bodyStructure());
            case MODSEQ -> out.raw("(").number(message.modSeq()).raw(")");
            default -> throw new IllegalStateException(attribute.name());
        }
    }

    /** The client is told that it has made the message \Seen, and with what MODSEQ. RFC 3501 §6.4.5, RFC 7162 §3.1 */
    private void changedFlags(Message message) {
        if (!tellsFlags) {
            Flags flags = message.flags();
            out.raw(" FLAGS ").flags(flags, mailbox.isRecent(message.uid()));
        }
        if (session.enabled(Extension.CONDSTORE) && !items.contains(Attribute.MODSEQ)) {
            out.raw(" MODSEQ (").number(message.modSeq()).raw(")");
        }
    }

    /** Null when it is written already. */
    private Future<Void> section(FetchedMessage message, Section section) {
        out.raw(section.label()).raw(" ");
        OctetRange range = range(message, section);
        if (range == null) {
            out.raw("NIL");
            return null;
        }
        if (section.fields() != null) {
            return fields(message, section, range);
        }
        OctetRange wanted = section.partial() == null
                ? range
                : range.partial(section.partial().first(), section.partial().count());
        return octets(message, wanted);
    }

    /** Null when the message has no such section. */
    private static OctetRange range(FetchedMessage message, Section section) {
        if (!section.path().isEmpty()) {
            return message.structure().find(section.path(), section.text()).orElse(null);
        }
        long size = message.message().size();
        if (section.text() == SectionText.ALL) {
            return new OctetRange(0, size);
        }
        long header = message.header() != null
                ? message.header().length()
                : message.structure().headerLength();
        return section.text() == SectionText.HEADER ? new OctetRange(0, header) : new OctetRange(header, size - header);
    }

    private Future<Void> fields(FetchedMessage message, Section section, OctetRange range) {
        OctetRange header = range.partial(0, MAX_HEADER);
        if (lengthHere(message, header) == header.length()) {
            ResponseWriter here = new ResponseWriter();
            writeHere(here, message, header);
            fields(section, here.take());
            return null;
        }
        Buffer octets = Buffer.buffer((int) header.length());
        return EachInOrder.whileTrue(() -> read(message, header.partial(octets.length(), header.length()))
                        .map(slice -> octets.appendBuffer(slice).length() < header.length()))
                .<Void>map(all -> {
                    fields(section, octets);
                    return null;
                })
                .recover(this::lacking);
    }

    private void fields(Section section, Buffer header) {
        List<String> names = section.fields().names();
        byte[] fields = section.fields().not()
                ? HeaderFields.exclude(header.getBytes(), names)
                : HeaderFields.select(header.getBytes(), names);
        OctetRange all = new OctetRange(0, fields.length);
        OctetRange wanted = section.partial() == null
                ? all
                : all.partial(section.partial().first(), section.partial().count());
        if (wanted.length() == 0) {
            out.raw(NOTHING);
        } else {
            out.literal(Buffer.buffer(fields).slice((int) wanted.offset(), (int) wanted.end()));
        }
    }

    private Future<Void> octets(FetchedMessage message, OctetRange range) {
        if (range.length() == 0) {
            out.raw(NOTHING);
            return null;
        }
        long here = lengthHere(message, range);
        if (here > 0) {
            out.literalHead(range.length());
            writeHere(out, message, range);
            return here == range.length() ? null : stream(message, range.partial(here, range.length()));
        }
        // The first slice before the literal's head: as long as nothing is promised, NIL can stand for what is gone.
        return read(message, range)
                .compose(
                        first -> {
                            out.literalHead(range.length()).raw(first);
                            OctetRange rest = range.partial(first.length(), range.length());
                            return rest.length() == 0 ? Future.succeededFuture() : stream(message, rest);
                        },
                        this::lacking);
    }

    /** How many of a range's first octets came with the message. */
    private static long lengthHere(FetchedMessage message, OctetRange range) {
        if (message.header() == null) {
            return 0;
        }
        long end = message.header().length()
                + (message.firstOctets() == null ? 0 : message.firstOctets().length());
        return Math.max(0, Math.min(end, range.end()) - range.offset());
    }

    private static void writeHere(ResponseWriter out, FetchedMessage message, OctetRange range) {
        long headerEnd = message.header().length();
        if (range.offset() < headerEnd) {
            out.raw(message.header().slice((int) range.offset(), (int) Math.min(headerEnd, range.end())));
        }
        Buffer body = message.firstOctets();
        if (body != null && range.end() > headerEnd) {
            long from = Math.max(0, range.offset() - headerEnd);
            long to = Math.min(body.length(), range.end() - headerEnd);
            out.raw(body.slice((int) from, (int) to));
        }
    }

    /** Writes the rest of a literal, one slice being read while the client takes the one before. */
    private Future<Void> stream(FetchedMessage message, OctetRange range) {
        Slices slices = new Slices(message, range);
        return flush().compose(taken -> EachInOrder.whileTrue(slices::next)).recover(this::broken);
    }

    private final class Slices {
        private final FetchedMessage message;
        private OctetRange rest;
        private Future<Buffer> ahead;

        Slices(FetchedMessage message, OctetRange range) {
            this.message = message;
            this.rest = range;
            this.ahead = read(message, range);
        }

        Future<Boolean> next() {
            return ahead.compose(slice -> {
                rest = rest.partial(slice.length(), rest.length());
                boolean more = rest.length() > 0;
                ahead = more ? read(message, rest) : null;
                session.connection().write(slice);
                return session.connection().drained().map(more);
            });
        }
    }

    /** A slice; fails when there is none though there should be. */
    private Future<Buffer> read(FetchedMessage message, OctetRange range) {
        return session.store()
                .contents()
                .read(mailbox.key().accountId(), message.message().contentId(), range.offset(), range.length())
                .map(slice -> {
                    if (slice.length() == 0) {
                        throw new Refusal(Refusal.Kind.EXPUNGED, "The message's octets are gone");
                    }
                    return slice;
                });
    }

    /** The octets are gone, and nothing has been promised. RFC 2180 §4.1.3 */
    private Future<Void> lacking(Throwable failure) {
        if (!(failure instanceof Refusal refusal) || refusal.kind() != Refusal.Kind.EXPUNGED) {
            return Future.failedFuture(failure);
        }
        lackedOctets = true;
        out.raw("NIL");
        return Future.succeededFuture();
    }

    private Future<Void> broken(Throwable failure) {
        if (!session.connection().isClosed()) {
            LOG.error(
                    "{} cannot finish a literal, so the connection ends",
                    session.connection().id(),
                    failure);
            session.connection().close();
        }
        return Future.failedFuture(failure);
    }

    private Future<Void> flush() {
        if (out.length() == 0) {
            return Future.succeededFuture();
        }
        session.write(out);
        return session.connection().drained();
    }
}
