package io.postrider.imap;

import io.postrider.store.FetchedMessage;
import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * SEARCH and UID SEARCH. RFC 3501 §6.4.4, RFC 4731, RFC 7162 §3.1.5
 *
 * @param tag of the command, which ESEARCH names
 * @param returns what to tell of the result; null for the plain SEARCH response
 */
record SearchCommand(String tag, boolean byUid, Set<Result> returns, SearchKeyReader.Term program, Keys keys)
        implements Command {
    /** What ESEARCH can tell. RFC 4731 §3.1 */
    enum Result {
        MIN,
        MAX,
        ALL,
        COUNT
    }

    /**
     * What must be known of the keys.
     *
     * @param uidSets sets of UIDs among them
     */
    record Keys(List<SequenceSet> uidSets, boolean namesModSeq) {}

    /** Numbers that are written before the client must have taken them. */
    private static final int NUMBERS_AT_ONCE = 10_000;

    static Command parse(CommandReader reader) {
        return parse(reader, false);
    }

    static Command parseUid(CommandReader reader) {
        return parse(reader, true);
    }

    private static Command parse(CommandReader reader, boolean byUid) {
        reader.space();
        Set<Result> returns = null;
        if (reader.takeWord("RETURN")) {
            reader.space();
            returns = returns(reader);
            reader.space();
        }
        if (reader.takeWord("CHARSET")) {
            reader.space();
            charset(reader.astring());
            reader.space();
        }
        SearchKeyReader keys = new SearchKeyReader(reader);
        SearchKeyReader.Term program = keys.program();
        return new SearchCommand(
                reader.commandTag(), byUid, returns, program, new Keys(keys.uidSets(), keys.namesModSeq()));
    }

    private static Set<Result> returns(CommandReader reader) {
        EnumSet<Result> returns = EnumSet.noneOf(Result.class);
        reader.expect('(');
        if (!reader.take(')')) {
            do {
                String word = reader.word();
                switch (word) {
                    case "MIN" -> returns.add(Result.MIN);
                    case "MAX" -> returns.add(Result.MAX);
                    case "ALL" -> returns.add(Result.ALL);
                    case "COUNT" -> returns.add(Result.COUNT);
                    default -> throw reader.bad("MIN, MAX, ALL or COUNT before");
                }
            } while (reader.take(' '));
            reader.expect(')');
        }
        return returns.isEmpty() ? EnumSet.of(Result.ALL) : returns;
    }

    /** Text is UTF-8 always, of which US-ASCII is a part. */
    private static void charset(String name) {
        String charset = name.toUpperCase(Locale.ROOT);
        if (!charset.equals("UTF-8") && !charset.equals("US-ASCII")) {
            throw new No("BADCHARSET (US-ASCII UTF-8)", "Charset not known");
        }
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (keys.namesModSeq()) {
            Condstore.use(session);
        }
        SelectedMailbox mailbox = session.selected();
        return lookIfNewAreNamed(mailbox)
                .compose(ready -> session.store().messages().search(mailbox.key(), program.in(mailbox)))
                .compose(found -> lookIfNewAreFound(mailbox, found))
                .compose(found -> answer(session, mailbox, found))
                .map(Completion.of("SEARCH completed"));
    }

    private Future<Void> lookIfNewAreNamed(SelectedMailbox mailbox) {
        long highest = mailbox.uids().highest();
        boolean beyond = keys.uidSets().stream().anyMatch(set -> set.reachesAbove(highest));
        return beyond ? mailbox.updates().look(Updates.Expunges.HELD_BACK) : Future.succeededFuture();
    }

    /**
     * What the store has found and the client has not heard of is told now, so that a client finds what it has just
     * appended over another connection: offlineimap would append it again.
     */
    private static Future<Messages.Found> lookIfNewAreFound(SelectedMailbox mailbox, Messages.Found found) {
        Future<Void> looked = found.uids().above(mailbox.uids().highest()).isEmpty()
                ? Future.succeededFuture()
                : mailbox.updates().look(Updates.Expunges.HELD_BACK);
        return looked.map(done -> new Messages.Found(known(mailbox, found.uids()), found.modSeq()));
    }

    private static UidSet known(SelectedMailbox mailbox, UidSet uids) {
        return uids.minus(uids.above(mailbox.uids().highest()));
    }

    private Future<Void> answer(ImapSession session, SelectedMailbox mailbox, Messages.Found found) {
        UidSet numbers = byUid ? found.uids() : mailbox.uids().sequences(found.uids());
        if (returns == null) {
            return plain(session, numbers, keys.namesModSeq() ? found.modSeq() : 0);
        }
        return modSeq(session, mailbox, found).map(modSeq -> {
            extended(session, numbers, modSeq);
            return null;
        });
    }

    private static Future<Void> plain(ImapSession session, UidSet numbers, long modSeq) {
        ResponseWriter out = session.response().raw("* SEARCH");
        Ascending each = new Ascending(numbers);
        return EachInOrder.whileTrue(() -> {
            for (int i = 0; i < NUMBERS_AT_ONCE && each.hasNext(); i++) {
                out.raw(" ").number(each.next());
            }
            boolean more = each.hasNext();
            if (!more) {
                // Only where something was found. RFC 7162 §3.1.5
                if (modSeq > 0 && !numbers.isEmpty()) {
                    out.raw(" (MODSEQ ").number(modSeq).raw(")");
                }
                out.crlf();
            }
            session.write(out);
            return session.connection().drained().map(more);
        });
    }

    private void extended(ImapSession session, UidSet numbers, long modSeq) {
        ResponseWriter out = session.response();
        out.raw("* ESEARCH (TAG ").string(tag).raw(byUid ? ") UID" : ")");
        if (!numbers.isEmpty()) {
            if (returns.contains(Result.MIN)) {
                out.raw(" MIN ").number(numbers.min());
            }
            if (returns.contains(Result.MAX)) {
                out.raw(" MAX ").number(numbers.max());
            }
            if (returns.contains(Result.ALL)) {
                out.raw(" ALL ").raw(numbers.toString());
            }
        }
        if (returns.contains(Result.COUNT)) {
            out.raw(" COUNT ").number(numbers.size());
        }
        if (modSeq > 0 && !numbers.isEmpty()) {
            out.raw(" MODSEQ ").number(modSeq);
        }
        session.write(out.crlf());
    }

    /** The highest MODSEQ of what is told: where that is MIN or MAX alone, of those messages. RFC 4731 §3.2 */
    private Future<Long> modSeq(ImapSession session, SelectedMailbox mailbox, Messages.Found found) {
        boolean ends = !returns.contains(Result.ALL) && !returns.contains(Result.COUNT);
        if (!keys.namesModSeq() || found.uids().isEmpty() || !ends) {
            return Future.succeededFuture(keys.namesModSeq() ? found.modSeq() : 0L);
        }
        UidSet told = (returns.contains(Result.MIN) ? UidSet.of(found.uids().min()) : UidSet.EMPTY)
                .union(returns.contains(Result.MAX) ? UidSet.of(found.uids().max()) : UidSet.EMPTY);
        return session.store()
                .messages()
                .fetch(mailbox.key(), told, Set.of(), 2)
                .map(rows -> rows.stream()
                        .map(FetchedMessage::message)
                        .mapToLong(message -> message.modSeq())
                        .max()
                        .orElse(0));
    }

    /** The numbers of a set one by one, without making a list of them. */
    private static final class Ascending {
        private final UidSet numbers;
        private int range;
        private long next;

        Ascending(UidSet numbers) {
            this.numbers = numbers;
            this.next = numbers.isEmpty() ? 0 : numbers.min();
        }

        boolean hasNext() {
            return range < numbers.rangeCount();
        }

        long next() {
            long number = next++;
            if (number == numbers.last(range) && ++range < numbers.rangeCount()) {
                next = numbers.first(range);
            }
            return number;
        }
    }
}
