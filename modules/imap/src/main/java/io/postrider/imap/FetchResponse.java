package io.postrider.imap;

import io.postrider.imap.FetchItem.Attribute;
import io.postrider.imap.FetchItem.Binary;
import io.postrider.imap.FetchItem.BinarySize;
import io.postrider.imap.FetchItem.Preview;
import io.postrider.imap.FetchItem.Section;
import io.postrider.message.OctetRange;
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

    /** Octets from which on a piece goes out as it is; below, copying is cheaper. */
    private static final int LARGE_PIECE = 4 << 10;

    /** What iOS gets when it asks past the end: every client understands it. */
    private static final String NOTHING = "\"\"";

    private static final Logger LOG = LoggerFactory.getLogger(FetchResponse.class);

    private final ImapSession session;
    private final SelectedMailbox mailbox;
    private final List<FetchItem> items;
    private final boolean tellsFlags;
    private final ResponseWriter out;
    private final boolean hasBinary;
    /** Octets that have gone to the connection since the client was last waited for. */
    private int unawaited;

    private boolean lackedOctets;
    private boolean metUnknownEncoding;

    FetchResponse(ImapSession session, SelectedMailbox mailbox, List<FetchItem> items) {
        this.session = session;
        this.mailbox = mailbox;
        this.items = items;
        this.tellsFlags = items.contains(Attribute.FLAGS);
        this.hasBinary = items.stream().anyMatch(item -> item instanceof Binary || item instanceof BinarySize);
        this.out = session.response();
    }

    /** Whether a message's octets were gone, so that NIL stands for them. */
    boolean lackedOctets() {
        return lackedOctets;
    }

    /** Whether a part had an encoding that cannot be undone: what was asked of it is left out. RFC 3516 §4.3 */
    boolean metUnknownEncoding() {
        return metUnknownEncoding;
    }

    boolean canWriteAll(FetchedMessage message) {
        return !hasBinary || items.stream().allMatch(item -> canWrite(octetsOf(message), item));
    }

    private static boolean canWrite(MessageOctets octets, FetchItem item) {
        return !(item instanceof Binary binary && BinarySection.isUnknown(octets, binary.path())
                || item instanceof BinarySize size && BinarySection.isUnknown(octets, size.path()));
    }

    private MessageOctets octetsOf(FetchedMessage message) {
        return new MessageOctets(session.store().contents(), mailbox.key().accountId(), message);
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
                fetched.firstOctets(),
                fetched.threadId(),
                fetched.preview());
    }

    /** Null when it is written already and the client need not be waited for. */
    private Future<Void> message(FetchedMessage message, boolean flagsChanged) {
        MessageOctets octets = octetsOf(message);
        List<FetchItem> written = items;
        if (hasBinary) {
            written = items.stream().filter(item -> canWrite(octets, item)).toList();
            metUnknownEncoding |= written.size() < items.size();
            if (written.isEmpty()) {
                return null;
            }
        }
        mailbox.writeFetchHead(out, message.message().uid());
        return items(octets, written, 0, flagsChanged);
    }

    private Future<Void> items(MessageOctets message, List<FetchItem> written, int from, boolean flagsChanged) {
        for (int i = from; i < written.size(); i++) {
            if (i > 0) {
                out.raw(" ");
            }
            Future<Void> item = item(message, written.get(i));
            if (item != null) {
                int next = i + 1;
                return item.compose(done -> {
                    Future<Void> others = items(message, written, next, flagsChanged);
                    return others == null ? Future.succeededFuture() : others;
                });
            }
        }
        if (flagsChanged) {
            changedFlags(message.message().message());
        }
        out.raw(")").crlf();
        return out.length() + unawaited < OCTETS_AT_ONCE ? null : flush();
    }

    private Future<Void> item(MessageOctets message, FetchItem item) {
        if (item instanceof Section section) {
            return section(message, section);
        }
        if (item instanceof Binary binary) {
            return binary(message, binary);
        }
        if (item instanceof BinarySize size) {
            return binarySize(message, size);
        }
        if (item instanceof Preview preview) {
            preview(message.message().preview(), preview);
            return null;
        }
        attribute(message.message(), (Attribute) item);
        return null;
    }

    private void preview(String text, Preview preview) {
        out.raw(preview.word()).raw(preview.fuzzy() ? " (FUZZY " : " ");
        out.string(text).raw(preview.fuzzy() ? ")" : "");
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
            case EMAILID ->
                out.raw("(").raw(ObjectId.EMAIL.of(message.contentId())).raw(")");
            case THREADID ->
                out.raw("(").raw(ObjectId.THREAD.of(fetched.threadId())).raw(")");
            case SAVEDATE -> out.dateTime(message.saveDate());
            case BODYSTRUCTURE -> out.raw(fetched.bodyStructure());
            case MODSEQ -> {
                // A client takes it for the cursor of all it has been told, so it must not run ahead. RFC 7162 §6
                mailbox.updates().hint(message.modSeq());
                out.raw("(").number(message.modSeq()).raw(")");
            }
            default -> throw new IllegalStateException(attribute.name());
        }
    }

    /** The client is told that it has made the message \Seen, and with what MODSEQ. RFC 3501 §6.4.5, RFC 7162 §3.2.4 */
    private void changedFlags(Message message) {
        if (!tellsFlags) {
            Flags flags = message.flags();
            out.raw(" FLAGS ").flags(flags, mailbox.isRecent(message.uid()));
        }
        if (!session.enabled(Extension.CONDSTORE)) {
            return;
        }
        if (!items.contains(Attribute.UID) && !session.enabled(Extension.UIDONLY)) {
            out.raw(" UID ").number(message.uid());
        }
        if (!items.contains(Attribute.MODSEQ)) {
            out.raw(" MODSEQ (").number(message.modSeq()).raw(")");
        }
    }

    /** Null when it is written already. */
    private Future<Void> section(MessageOctets message, Section section) {
        out.raw(section.label()).raw(" ");
        OctetRange range = message.range(section.path(), section.text());
        if (range == null) {
            out.raw("NIL");
            return null;
        }
        if (section.fields() != null) {
            return fields(message, section, range);
        }
        return octets(message, section.of(range));
    }

    private Future<Void> binarySize(MessageOctets message, BinarySize item) {
        out.raw(item.label()).raw(" ");
        BinarySection section = BinarySection.of(message, item.path(), null);
        if (section == null) {
            out.raw("0");
            return null;
        }
        return section.size(session.connection()::drained)
                .recover(failure -> gone(failure).map(0L))
                .map(size -> {
                    out.number(size);
                    return null;
                });
    }

    private Future<Void> binary(MessageOctets message, Binary item) {
        out.raw(item.label()).raw(" ");
        BinarySection section = BinarySection.of(message, item.path(), item.partial());
        if (section == null) {
            out.raw("NIL");
            return null;
        }
        Buffer here = section.here();
        if (here != null) {
            binaryHead(here.length(), Nuls.in(here));
            out.raw(here);
            return null;
        }
        return section.measure(session.connection()::drained)
                .compose(
                        measured -> {
                            binaryHead(measured.size(), measured.hasNul());
                            return flush().compose(taken -> section.each(slice -> {
                                        session.connection().write(slice);
                                        return session.connection().drained();
                                    }))
                                    .recover(this::broken);
                        },
                        this::lacking);
    }

    /** A literal8 only where there is a NUL, so that the client need not look for one. RFC 3516 §4.3 */
    private void binaryHead(long size, boolean hasNul) {
        if (size == 0) {
            out.raw(NOTHING);
        } else {
            out.raw(hasNul ? "~" : "").literalHead(size);
        }
    }

    private Future<Void> fields(MessageOctets message, Section section, OctetRange range) {
        Future<Buffer> header = message.header(range);
        if (header.succeeded()) {
            fields(section, header.result());
            return null;
        }
        return header.<Void>map(octets -> {
                    fields(section, octets);
                    return null;
                })
                .recover(this::lacking);
    }

    private void fields(Section section, Buffer header) {
        byte[] fields = section.fields().of(header);
        OctetRange wanted = section.of(new OctetRange(0, fields.length));
        if (wanted.length() == 0) {
            out.raw(NOTHING);
        } else {
            out.literal(Nuls.hidden(Buffer.buffer(fields).slice((int) wanted.offset(), (int) wanted.end())));
        }
    }

    private Future<Void> octets(MessageOctets message, OctetRange range) {
        if (range.length() == 0) {
            out.raw(NOTHING);
            return null;
        }
        long here = message.lengthHere(range);
        if (here > 0) {
            out.literalHead(range.length());
            message.here(range).forEach(this::piece);
            return here == range.length() ? null : stream(message, range.partial(here, range.length()));
        }
        // The first slice before the literal's head: as long as nothing is promised, NIL can stand for what is gone.
        return message.read(range)
                .compose(
                        first -> {
                            out.literalHead(range.length()).raw(Nuls.hidden(first));
                            OctetRange rest = range.partial(first.length(), range.length());
                            return rest.length() == 0 ? Future.succeededFuture() : stream(message, rest);
                        },
                        this::lacking);
    }

    private void piece(Buffer octets) {
        Buffer shown = Nuls.hidden(octets);
        if (shown.length() < LARGE_PIECE) {
            out.raw(shown);
            return;
        }
        session.write(out);
        session.connection().write(shown);
        unawaited += shown.length();
    }

    /** Writes the rest of a literal, one slice being read while the client takes the one before. */
    private Future<Void> stream(MessageOctets message, OctetRange range) {
        Slices slices = new Slices(message, range);
        return flush().compose(taken -> EachInOrder.whileTrue(slices::next)).recover(this::broken);
    }

    private final class Slices {
        private final MessageOctets message;
        private OctetRange rest;
        private Future<Buffer> ahead;

        Slices(MessageOctets message, OctetRange range) {
            this.message = message;
            this.rest = range;
            this.ahead = message.read(range);
        }

        Future<Boolean> next() {
            return ahead.compose(slice -> {
                rest = rest.partial(slice.length(), rest.length());
                boolean more = rest.length() > 0;
                ahead = more ? message.read(rest) : null;
                session.connection().write(Nuls.hidden(slice));
                return session.connection().drained().map(more);
            });
        }
    }

    /** The octets are gone, and nothing has been promised. RFC 2180 §4.1.3 */
    private Future<Void> lacking(Throwable failure) {
        return gone(failure).map(noted -> {
            out.raw("NIL");
            return null;
        });
    }

    private Future<Void> gone(Throwable failure) {
        if (!(failure instanceof Refusal refusal) || refusal.kind() != Refusal.Kind.EXPUNGED) {
            return Future.failedFuture(failure);
        }
        lackedOctets = true;
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
        if (out.length() + unawaited == 0) {
            return Future.succeededFuture();
        }
        session.write(out);
        unawaited = 0;
        return session.connection().drained();
    }
}
