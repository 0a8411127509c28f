package io.postrider.imap;

import io.postrider.imap.FetchItem.Attribute;
import io.postrider.imap.FetchItem.Binary;
import io.postrider.imap.FetchItem.BinarySize;
import io.postrider.imap.FetchItem.Preview;
import io.postrider.imap.FetchItem.Section;
import io.postrider.message.SectionText;
import io.postrider.store.Contents;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.FlagChange;
import io.postrider.store.Flags;
import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * FETCH and UID FETCH. Messages come from the store in batches, the next when the client has taken the last, so that
 * neither memory nor a database connection waits for a slow client. RFC 3501 §6.4.5, RFC 7162 §3.1.4
 *
 * @param items in the order asked for, the UID that is told anyway not among them
 * @param changedSince only messages with a higher MODSEQ; iOS says 0 for all, which the RFC does not allow
 * @param partial which of the messages that the set names; null for all. RFC 9394 §3.3
 * @param vanished whether the client wants to hear what has gone since, too. RFC 7162 §3.2.6
 */
record FetchCommand(
        SequenceSet messages,
        boolean byUid,
        List<FetchItem> items,
        PartialRange partial,
        OptionalLong changedSince,
        boolean vanished)
        implements Command {
    /** Items of one FETCH: many whole bodies of one message asked for at once would cost much more than they say. */
    static final int MAX_ITEMS = 100;

    /** Messages with content that one batch holds at most. */
    private static final int ROWS_WITH_CONTENT = 1000;

    static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        SequenceSet messages = reader.sequenceSet();
        reader.space();
        List<FetchItem> items = new ArrayList<>(items(reader));
        OptionalLong changedSince = OptionalLong.empty();
        boolean vanished = false;
        PartialRange partial = null;
        if (reader.take(' ') && !reader.atEnd()) {
            reader.expect('(');
            do {
                if (byUid && reader.takeWord("VANISHED")) {
                    vanished = true;
                } else if (byUid && reader.takeWord("PARTIAL")) {
                    reader.space();
                    partial = PartialRange.read(reader);
                } else if (reader.takeWord("CHANGEDSINCE")) {
                    reader.space();
                    changedSince = OptionalLong.of(reader.number64());
                } else {
                    throw reader.bad("CHANGEDSINCE");
                }
            } while (reader.take(' '));
            reader.expect(')');
        }
        if (vanished && changedSince.isEmpty()) {
            throw new BadSyntax("VANISHED goes with CHANGEDSINCE only");
        }
        if (changedSince.isPresent() && !items.contains(Attribute.MODSEQ)) {
            items.add(Attribute.MODSEQ);
        }
        return new FetchCommand(messages, byUid, List.copyOf(items), partial, changedSince, vanished);
    }

    private static List<FetchItem> items(CommandReader reader) {
        if (reader.takeWord("ALL")) {
            return List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.SIZE, Attribute.ENVELOPE);
        }
        if (reader.takeWord("FAST")) {
            return List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.SIZE);
        }
        if (reader.takeWord("FULL")) {
            return List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.SIZE, Attribute.ENVELOPE, Attribute.BODY);
        }
        return reader.peek() == '(' ? readItems(reader) : List.of(FetchItem.read(reader));
    }

    /** A list of fetch-att in parentheses. */
    static List<FetchItem> readItems(CommandReader reader) {
        reader.expect('(');
        List<FetchItem> items = new ArrayList<>();
        do {
            if (items.size() == MAX_ITEMS) {
                throw reader.bad("at most " + MAX_ITEMS + " items");
            }
            items.add(FetchItem.read(reader));
        } while (reader.take(' '));
        reader.expect(')');
        return items;
    }

    /** Tells the flags of these messages, to a client that comes back. RFC 7162 §3.2.5.1 */
    static Future<Void> tellFlags(ImapSession session, SelectedMailbox mailbox, UidSet uids) {
        List<FetchItem> items = List.of(Attribute.FLAGS, Attribute.MODSEQ);
        return new Run(new FetchCommand(null, true, items, null, OptionalLong.empty(), false), session, mailbox, false)
                .all(uids, false);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (vanished && !session.enabled(Extension.QRESYNC)) {
            throw new BadSyntax("QRESYNC must be enabled first");
        }
        if (items.contains(Attribute.MODSEQ)) {
            Condstore.use(session);
        }
        MessageLimit limit = session.limits().messageLimit();
        SelectedMailbox mailbox = session.selected();
        Run run = new Run(this, session, mailbox, setsSeen() && !mailbox.readOnly());
        return mailbox.resolve(messages, byUid)
                .map(uids -> partial == null ? uids : part(limit, mailbox.uids(), uids))
                .compose(uids -> changed(session, mailbox, uids))
                .map(uids -> limit.of(mailbox.uids(), uids))
                .compose(part ->
                        run.all(part.uids(), !part.isAll()).map(done -> limit.told(session, part, run.completion())));
    }

    /** Those of the messages that PARTIAL names. What they have become since does not count yet. RFC 9394 §3.4 */
    private UidSet part(MessageLimit limit, UidMap map, UidSet uids) {
        long size = map.count(uids);
        UidSet upToEnd = first(map, uids, partial.end(size));
        UidSet before = first(map, uids, partial.start(size));
        UidSet part = before.isEmpty() ? upToEnd : upToEnd.above(before.max());
        limit.mustHoldPartial(map, part);
        return part;
    }

    /** As ranges which may have holes. */
    private static UidSet first(UidMap map, UidSet uids, long count) {
        UidSet first = map.firstOf(uids, count);
        return first == null ? uids : first;
    }

    /** What is told: the UID first, where nobody asks for it and the response does not begin with it. RFC 3501 §6.4.8, RFC 9586 §3.3 */
    List<FetchItem> itemsTold(boolean uidOnly) {
        if (!byUid || items.contains(Attribute.UID) || uidOnly) {
            return items;
        }
        List<FetchItem> told = new ArrayList<>(items);
        told.add(0, Attribute.UID);
        return told;
    }

    /** Tells of messages without having been asked by FETCH: of what is new. Makes nothing \Seen. RFC 5465 §5.2 */
    static Future<Void> tell(ImapSession session, SelectedMailbox mailbox, UidSet uids, List<FetchItem> items) {
        if (uids.isEmpty() || items.isEmpty()) {
            return Future.succeededFuture();
        }
        FetchCommand command = new FetchCommand(SequenceSet.SAVED, false, items, null, OptionalLong.empty(), false);
        return new Run(command, session, mailbox, false).all(uids, false);
    }

    /** Of these, those changed since, found by index and not by reading all. */
    private Future<UidSet> changed(ImapSession session, SelectedMailbox mailbox, UidSet uids) {
        long modSeq = changedSince.orElse(0);
        if (modSeq == 0 && !vanished) {
            return Future.succeededFuture(uids);
        }
        return session.store().messages().since(mailbox.key(), modSeq).compose(since -> {
            UidSet changed = since.changed().intersect(uids);
            return vanished ? tellVanished(session, mailbox, since).map(changed) : Future.succeededFuture(changed);
        });
    }

    /** Before any FETCH response, so that sequence numbers are clear. RFC 7162 §3.2.6 */
    private Future<Void> tellVanished(ImapSession session, SelectedMailbox mailbox, Messages.Since since) {
        if (mailbox.uids().count(since.expunged()) > 0) {
            mailbox.updates().hint();
        }
        return Vanished.tellEarlier(session, Vanished.of(mailbox, since, messages.asWritten()));
    }

    private boolean setsSeen() {
        return items.stream()
                .anyMatch(item -> item instanceof Section section && section.setsSeen()
                        || item instanceof Binary binary && binary.setsSeen());
    }

    /** What the store must give for these items. */
    private Set<Field> fields() {
        EnumSet<Field> fields = EnumSet.noneOf(Field.class);
        for (FetchItem item : items) {
            if (item instanceof Section section) {
                fields.addAll(fields(section));
            } else if (item instanceof Binary || item instanceof BinarySize) {
                fields.add(Field.STRUCTURE);
                fields.add(Field.FIRST_OCTETS);
            } else if (item == Attribute.ENVELOPE) {
                fields.add(Field.ENVELOPE);
            } else if (item == Attribute.BODYSTRUCTURE) {
                fields.add(Field.BODYSTRUCTURE);
            } else if (item == Attribute.BODY) {
                fields.add(Field.BODY);
            } else if (item instanceof Preview) {
                fields.add(Field.PREVIEW);
            } else if (item == Attribute.THREADID) {
                fields.add(Field.THREAD);
            }
        }
        return fields;
    }

    private static Set<Field> fields(Section section) {
        boolean ofMessage = section.path().isEmpty();
        if (ofMessage && section.text() == SectionText.HEADER) {
            return EnumSet.of(Field.HEADER);
        }
        EnumSet<Field> fields = EnumSet.noneOf(Field.class);
        if (!ofMessage || section.text() == SectionText.TEXT) {
            fields.add(Field.STRUCTURE);
        }
        // What begins this far in is not among the first octets: reading them would be in vain.
        if (section.partial() == null || section.partial().first() < Contents.CHUNK_OCTETS) {
            fields.add(Field.FIRST_OCTETS);
        }
        return fields;
    }

    /** One run of it, batch by batch. */
    private static final class Run {
        private final ImapSession session;
        private final SelectedMailbox mailbox;
        private final boolean byUid;
        private final boolean setsSeen;
        private final Set<Field> fields;
        private final int limit;
        private final FetchResponse response;
        private UidSet rest = UidSet.EMPTY;
        /** Of the rest, what is read now, from its first message on. */
        private UidSet window = UidSet.EMPTY;

        private boolean fromLast;
        private long owed;

        Run(FetchCommand command, ImapSession session, SelectedMailbox mailbox, boolean setsSeen) {
            this.session = session;
            this.mailbox = mailbox;
            this.byUid = command.byUid;
            this.setsSeen = setsSeen;
            this.fields = command.fields();
            this.limit = fields.isEmpty() ? Messages.MAX_FETCH_ROWS : ROWS_WITH_CONTENT;
            this.response = new FetchResponse(session, mailbox, command.itemsTold(session.enabled(Extension.UIDONLY)));
        }

        /** @param fromLast what is a part of what was named is taken from its end. RFC 9738 §3.1 */
        Future<Void> all(UidSet uids, boolean fromLast) {
            rest = uids;
            this.fromLast = fromLast;
            owed = mailbox.uids().count(uids);
            return EachInOrder.whileTrue(() -> owed == 0 ? Future.succeededFuture(false) : batch());
        }

        private Future<Boolean> batch() {
            if (window.isEmpty()) {
                UidSet last = fromLast ? mailbox.uids().lastOf(rest, limit) : null;
                window = last == null ? rest : last;
                rest = rest.minus(window);
            }
            return session.store()
                    .messages()
                    .fetch(mailbox.key(), window, fields, limit)
                    .compose(this::answer)
                    .map(answered -> !window.isEmpty() || !rest.isEmpty());
        }

        private Future<Void> answer(List<FetchedMessage> rows) {
            if (rows.isEmpty()) {
                window = UidSet.EMPTY;
                return Future.succeededFuture();
            }
            window = window.above(rows.get(rows.size() - 1).message().uid());
            owed -= rows.size();
            List<FetchedMessage> told = new ArrayList<>(rows);
            if (fromLast) {
                Collections.reverse(told);
            }
            return seen(rows).compose(seen -> response.write(told, seen));
        }

        /** Sets \Seen on those that lack it, in one statement; gives what they have become. */
        private Future<Map<Long, Messages.FlagState>> seen(List<FetchedMessage> rows) {
            UidSet.Builder unseen = new UidSet.Builder();
            if (setsSeen) {
                rows.stream()
                        .filter(row -> !row.message().flags().has(Flags.SEEN) && response.canWriteAll(row))
                        .forEach(row -> unseen.add(row.message().uid()));
            }
            UidSet uids = unseen.build();
            if (uids.isEmpty()) {
                return Future.succeededFuture(Map.of());
            }
            FlagChange change = new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN));
            return session.store()
                    .messages()
                    .store(mailbox.key(), uids, change, OptionalLong.empty())
                    .map(stored -> {
                        mailbox.updates().ownChange(stored.modSeq(), uids);
                        Map<Long, Messages.FlagState> states = new HashMap<>();
                        stored.messages().forEach(state -> states.put(state.uid(), state));
                        return states;
                    });
        }

        /** What is gone is not answered for; by UID that is no error. Never NO: clients try again for ever. RFC 5530 §3 */
        Completion completion() {
            if (response.metUnknownEncoding()) {
                // RFC 3516 §4.3
                throw new No("UNKNOWN-CTE", "A part has an unknown content transfer encoding");
            }
            if (owed == 0 && !response.lackedOctets()) {
                return Completion.of("FETCH completed");
            }
            mailbox.updates().hint();
            return byUid
                    ? Completion.of("FETCH completed")
                    : new Completion("EXPUNGEISSUED", "Some messages no longer exist");
        }
    }
}
