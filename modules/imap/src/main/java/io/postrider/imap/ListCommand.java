package io.postrider.imap;

import io.postrider.store.Mailbox;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * LIST, plain (RFC 3501 §6.3.8), extended (RFC 5258) and with STATUS (RFC 5819).
 *
 * @param extended whether the client used what RFC 5258 adds, so knows its attributes
 * @param status null when no STATUS is to be returned
 */
record ListCommand(
        boolean extended, Set<Option> select, List<String> patterns, Set<Option> returned, Set<StatusItem> status)
        implements Command {
    /** Patterns of one command. */
    static final int MAX_PATTERNS = 20;

    /** Names that are looked at and written before other connections have their turn. */
    private static final int BATCH = 500;

    /** What may be selected by, and what may be asked to be returned. RFC 5258 §3, RFC 6154 §2 */
    enum Option {
        SUBSCRIBED,
        REMOTE,
        RECURSIVEMATCH,
        SPECIAL_USE,
        CHILDREN,
        STATUS;

        String word() {
            return name().replace('_', '-');
        }
    }

    private static final Set<Option> SELECTION =
            EnumSet.of(Option.SUBSCRIBED, Option.REMOTE, Option.RECURSIVEMATCH, Option.SPECIAL_USE);
    /** Options that mailboxes below can meet, too. RFC 5258 §3.5 */
    private static final Set<Option> BASE = EnumSet.of(Option.SUBSCRIBED, Option.SPECIAL_USE);

    private static final Set<Option> RETURN =
            EnumSet.of(Option.SUBSCRIBED, Option.CHILDREN, Option.SPECIAL_USE, Option.STATUS);

    static Command parse(CommandReader reader) {
        reader.space();
        boolean extended = reader.peek() == '(';
        Set<Option> select = EnumSet.noneOf(Option.class);
        if (extended) {
            readOptions(reader, SELECTION, select);
            reader.space();
        }
        if (select.contains(Option.RECURSIVEMATCH) && Collections.disjoint(select, BASE)) {
            // RFC 5258 §3.1
            throw new BadSyntax("RECURSIVEMATCH goes with SUBSCRIBED or SPECIAL-USE only");
        }
        String reference = reader.listMailbox();
        reader.space();
        List<String> patterns = new ArrayList<>();
        if (reader.peek() == '(') {
            extended = true;
            readPatterns(reader, reference, patterns);
        } else {
            String pattern = reader.listMailbox();
            patterns.add(pattern.isEmpty() ? "" : reference + pattern);
        }
        Set<Option> returned = EnumSet.noneOf(Option.class);
        Set<StatusItem> status = null;
        if (reader.peek() == ' ') {
            reader.space();
            if (!reader.takeWord("RETURN")) {
                throw reader.bad("RETURN");
            }
            reader.space();
            extended = true;
            status = readOptions(reader, RETURN, returned);
        }
        return new ListCommand(extended, select, patterns, returned, status);
    }

    /** Reads options in parentheses; returns the items of STATUS, null when it is not there. */
    private static Set<StatusItem> readOptions(CommandReader reader, Set<Option> known, Set<Option> read) {
        Set<StatusItem> status = null;
        reader.expect('(');
        while (!reader.take(')')) {
            if (!read.isEmpty()) {
                reader.space();
            }
            String word = reader.word();
            Option option = known.stream()
                    .filter(o -> o.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new BadSyntax("Unknown LIST option"));
            read.add(option);
            if (option == Option.STATUS) {
                reader.space();
                status = StatusItem.readList(reader);
            }
        }
        return status;
    }

    private static void readPatterns(CommandReader reader, String reference, List<String> patterns) {
        reader.expect('(');
        do {
            if (patterns.size() == MAX_PATTERNS) {
                throw reader.bad("at most " + MAX_PATTERNS + " patterns");
            }
            patterns.add(reference + reader.listMailbox());
        } while (reader.take(' '));
        reader.expect(')');
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (!extended && patterns.get(0).isEmpty()) {
            writeSeparator(session);
            return Future.succeededFuture(Completion.of("LIST completed"));
        }
        char separator = session.names().separator();
        List<MailboxPattern> wanted =
                patterns.stream().map(p -> new MailboxPattern(p, separator)).toList();
        if (status != null && status.contains(StatusItem.HIGHESTMODSEQ)) {
            Condstore.use(session);
        }
        return ListedMailboxes.load(session, select.contains(Option.SUBSCRIBED))
                .compose(all -> write(session, all, wanted))
                .map(done -> Completion.of("LIST completed"));
    }

    /** An empty pattern asks for the separator alone. RFC 3501 §6.3.8 */
    private static void writeSeparator(ImapSession session) {
        session.write(session.response()
                .raw("* LIST (\\Noselect) ")
                .string(String.valueOf(session.names().separator()))
                .raw(" \"\"")
                .crlf());
    }

    /** Some names at a time, as fast as the client takes them. */
    private Future<Void> write(ImapSession session, ListedMailboxes all, List<MailboxPattern> wanted) {
        boolean recursive = select.contains(Option.RECURSIVEMATCH);
        Set<String> above = new HashSet<>();
        Set<String> aboveUnlisted = new HashSet<>();
        if (recursive) {
            gatherAbove(session, all, wanted, above, aboveUnlisted);
        }
        List<Mailbox> toStatus = new ArrayList<>();
        Iterator<String> names = all.names().iterator();
        return EachInOrder.whileTrue(() -> {
                    ResponseWriter response = session.response();
                    for (int i = 0; i < BATCH && names.hasNext(); i++) {
                        String name = names.next();
                        String wireName = session.names().toWire(name);
                        boolean selected = isSelected(all, name);
                        if ((selected || aboveUnlisted.contains(name)) && matches(wanted, wireName)) {
                            write(
                                    response,
                                    session.names().separator(),
                                    wireName,
                                    attributes(all, name),
                                    above.contains(name));
                            // Not of one that is told of only for what is below it. RFC 5819 §3
                            if (selected) {
                                addSelectable(all.mailbox(name), toStatus);
                            }
                        }
                    }
                    session.write(response);
                    return session.connection().drained().map(drained -> names.hasNext());
                })
                .compose(done ->
                        status == null ? Future.succeededFuture() : StatusItem.writeAll(session, toStatus, status));
    }

    private static void addSelectable(Mailbox mailbox, List<Mailbox> selectable) {
        if (mailbox != null && mailbox.selectable()) {
            selectable.add(mailbox);
        }
    }

    private void write(
            ResponseWriter response, char separator, String wireName, List<String> attributes, boolean tellsBelow) {
        response.raw("* LIST (")
                .raw(String.join(" ", attributes))
                .raw(") ")
                .string(String.valueOf(separator))
                .raw(" ")
                .listed(wireName);
        if (tellsBelow) {
            String met = select.stream()
                    .filter(BASE::contains)
                    .map(option -> '"' + option.word() + '"')
                    .collect(Collectors.joining(" "));
            response.raw(" (\"CHILDINFO\" (").raw(met).raw("))");
        }
        response.crlf();
    }

    private boolean isSelected(ListedMailboxes all, String name) {
        Mailbox mailbox = all.mailbox(name);
        if (select.contains(Option.SPECIAL_USE)
                && (mailbox == null || mailbox.specialUse().isEmpty())) {
            return false;
        }
        return select.contains(Option.SUBSCRIBED) ? all.isSubscribed(name) : mailbox != null;
    }

    private List<String> attributes(ListedMailboxes all, String name) {
        Mailbox mailbox = all.mailbox(name);
        List<String> attributes = mailbox == null ? new ArrayList<>(List.of("\\NonExistent")) : all.attributes(mailbox);
        boolean tellsSubscribed = select.contains(Option.SUBSCRIBED) || returned.contains(Option.SUBSCRIBED);
        if (tellsSubscribed && all.isSubscribed(name)) {
            attributes.add("\\Subscribed");
        }
        return attributes;
    }

    /**
     * The names above those selected; and those of them that stand for one that is not itself in the answer. RFC 5258 §3.5
     */
    private void gatherAbove(
            ImapSession session,
            ListedMailboxes all,
            List<MailboxPattern> wanted,
            Set<String> above,
            Set<String> aboveUnlisted) {
        for (String name : all.names()) {
            if (isSelected(all, name)) {
                addParents(name, above);
                if (!matches(wanted, session.names().toWire(name))) {
                    addParents(name, aboveUnlisted);
                }
            }
        }
    }

    private static void addParents(String name, Set<String> names) {
        String parent = ListedMailboxes.parent(name);
        while (!parent.isEmpty() && names.add(parent)) {
            parent = ListedMailboxes.parent(parent);
        }
    }

    private static boolean matches(List<MailboxPattern> patterns, String wireName) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(wireName));
    }
}
