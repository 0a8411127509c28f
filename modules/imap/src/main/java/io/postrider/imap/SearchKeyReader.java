package io.postrider.imap;

import io.postrider.store.Flags;
import io.postrider.store.SearchKey;
import io.postrider.store.SearchKey.Comparison;
import io.postrider.store.SearchKey.Date;
import io.postrider.store.UidSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/** Reads SEARCH's keys. RFC 3501 §6.4.4, RFC 5032 §3, RFC 5182, RFC 7162 §3.1.5, RFC 8474 §6, RFC 8514 §4.3, RFC 9738 §3.2 */
final class SearchKeyReader {
    /** How deep keys may nest; one key may become this many less than the store's bound deep. */
    static final int MAX_NESTING = SearchKey.MAX_DEPTH - 4;

    /** A key that waits for what only the selected mailbox knows: which UIDs a sequence set names, which are \Recent. */
    @FunctionalInterface
    interface Term {
        SearchKey in(SelectedMailbox mailbox);
    }

    private final CommandReader reader;
    private final boolean charsetKnown;
    private final List<SequenceSet> uidSets = new ArrayList<>();
    private boolean namesModSeq;
    private boolean namesNumbers;

    /** @param charsetKnown where it is not, the search is refused, but only when it has been read: octets are just passed over */
    SearchKeyReader(CommandReader reader, boolean charsetKnown) {
        this.reader = reader;
        this.charsetKnown = charsetKnown;
    }

    /** Keys up to the end of the command; all must hold. */
    Term program() {
        List<Term> terms = new ArrayList<>();
        do {
            terms.add(key(1));
        } while (reader.take(' ') && !reader.atEnd());
        return and(terms);
    }

    /** Sets of UIDs among the keys read. */
    List<SequenceSet> uidSets() {
        return uidSets;
    }

    boolean namesModSeq() {
        return namesModSeq;
    }

    /** Whether sequence numbers are among the keys read. */
    boolean namesNumbers() {
        return namesNumbers;
    }

    private Term key(int depth) {
        if (depth > MAX_NESTING) {
            throw reader.bad("search keys nested at most " + MAX_NESTING + " deep before");
        }
        if (reader.take('(')) {
            List<Term> terms = new ArrayList<>();
            do {
                terms.add(key(depth + 1));
            } while (reader.take(' '));
            reader.expect(')');
            return and(terms);
        }
        if (reader.peek() == '$' || reader.peek() == '*' || reader.peek() >= '0' && reader.peek() <= '9') {
            SequenceSet set = reader.sequenceSet();
            namesNumbers |= !set.isSaved();
            return mailbox -> new SearchKey.Uids(mailbox.named(set, false));
        }
        String word = reader.word();
        return switch (word) {
            case "NOT" -> {
                reader.space();
                Term term = key(depth + 1);
                yield mailbox -> new SearchKey.Not(term.in(mailbox));
            }
            case "OR" -> {
                reader.space();
                Term left = key(depth + 1);
                reader.space();
                Term right = key(depth + 1);
                yield mailbox -> new SearchKey.Or(left.in(mailbox), right.in(mailbox));
            }
            case "UID" -> {
                reader.space();
                SequenceSet set = reader.sequenceSet();
                uidSets.add(set);
                yield mailbox -> new SearchKey.Uids(mailbox.named(set, true));
            }
            // RFC 9738 §3.2
            case "UIDAFTER" -> uids(uid() + 1, SequenceSet.STAR - 1);
            case "UIDBEFORE" -> uids(1, uid() - 1);
            case "RECENT" -> SearchKeyReader::recent;
            case "OLD" -> mailbox -> new SearchKey.Not(recent(mailbox));
            case "NEW" -> mailbox -> new SearchKey.And(List.of(recent(mailbox), not(Flags.SEEN)));
            default -> {
                SearchKey key = plainKey(word);
                yield mailbox -> key;
            }
        };
    }

    private long uid() {
        reader.space();
        long uid = reader.number();
        if (uid == 0) {
            throw reader.bad("number above 0 before");
        }
        return uid;
    }

    /** A range that never means the last message when it begins behind that. */
    private Term uids(long first, long last) {
        if (first > last) {
            return mailbox -> new SearchKey.Uids(UidSet.EMPTY);
        }
        SequenceSet set = new SequenceSet(List.of(new SequenceSet.Range(first, last)));
        uidSets.add(set);
        return mailbox -> new SearchKey.Uids(mailbox.named(set, true));
    }

    private static Term and(List<Term> terms) {
        return terms.size() == 1
                ? terms.get(0)
                : mailbox -> new SearchKey.And(
                        terms.stream().map(term -> term.in(mailbox)).toList());
    }

    private static SearchKey recent(SelectedMailbox mailbox) {
        return new SearchKey.Uids(mailbox.recent());
    }

    private SearchKey plainKey(String word) {
        return switch (word) {
            case "ALL" -> new SearchKey.All();
            case "ANSWERED" -> new SearchKey.HasFlag(Flags.ANSWERED);
            case "DELETED" -> new SearchKey.HasFlag(Flags.DELETED);
            case "DRAFT" -> new SearchKey.HasFlag(Flags.DRAFT);
            case "FLAGGED" -> new SearchKey.HasFlag(Flags.FLAGGED);
            case "SEEN" -> new SearchKey.HasFlag(Flags.SEEN);
            case "UNANSWERED" -> not(Flags.ANSWERED);
            case "UNDELETED" -> not(Flags.DELETED);
            case "UNDRAFT" -> not(Flags.DRAFT);
            case "UNFLAGGED" -> not(Flags.FLAGGED);
            case "UNSEEN" -> not(Flags.SEEN);
            // Every mailbox keeps save dates.
            case "SAVEDATESUPPORTED" -> new SearchKey.All();
            default -> keyWithArgument(word);
        };
    }

    private static SearchKey not(int flag) {
        return new SearchKey.Not(new SearchKey.HasFlag(flag));
    }

    private SearchKey keyWithArgument(String word) {
        reader.space();
        return switch (word) {
            case "KEYWORD" -> new SearchKey.HasKeyword(reader.atom());
            case "UNKEYWORD" -> new SearchKey.Not(new SearchKey.HasKeyword(reader.atom()));
            case "BEFORE" -> dated(Date.INTERNAL, Comparison.BEFORE);
            case "ON" -> dated(Date.INTERNAL, Comparison.ON);
            case "SINCE" -> dated(Date.INTERNAL, Comparison.SINCE);
            case "SENTBEFORE" -> dated(Date.SENT, Comparison.BEFORE);
            case "SENTON" -> dated(Date.SENT, Comparison.ON);
            case "SENTSINCE" -> dated(Date.SENT, Comparison.SINCE);
            case "SAVEDBEFORE" -> dated(Date.SAVED, Comparison.BEFORE);
            case "SAVEDON" -> dated(Date.SAVED, Comparison.ON);
            case "SAVEDSINCE" -> dated(Date.SAVED, Comparison.SINCE);
            case "OLDER" -> new SearchKey.Age(false, interval());
            case "YOUNGER" -> new SearchKey.Age(true, interval());
            case "LARGER" -> new SearchKey.Larger(reader.number64());
            case "SMALLER" -> new SearchKey.Smaller(reader.number64());
            case "FROM", "TO", "CC", "BCC", "SUBJECT" -> new SearchKey.Header(word, text());
            case "HEADER" -> header();
            case "BODY" -> new SearchKey.Body(text());
            case "TEXT" -> new SearchKey.Text(text());
            case "MODSEQ" -> modSeq();
            case "EMAILID" -> identified(ObjectId.EMAIL, SearchKey.EmailId::new);
            case "THREADID" -> identified(ObjectId.THREAD, SearchKey.ThreadId::new);
            default -> throw reader.bad("search key before");
        };
    }

    private SearchKey dated(Date date, Comparison comparison) {
        return new SearchKey.Dated(date, comparison, reader.date());
    }

    private Duration interval() {
        long seconds = reader.number();
        if (seconds == 0) {
            throw reader.bad("number above 0 before");
        }
        return Duration.ofSeconds(seconds);
    }

    private String text() {
        return charsetKnown ? reader.text() : reader.astring();
    }

    private SearchKey header() {
        String field = reader.astring();
        reader.space();
        return new SearchKey.Header(field, text());
    }

    /** An id that we have given to nothing finds nothing, and is no error. RFC 8474 §6 */
    private SearchKey identified(ObjectId kind, LongFunction<SearchKey> key) {
        OptionalLong number = kind.read(reader);
        return number.isPresent() ? key.apply(number.getAsLong()) : new SearchKey.Uids(UidSet.EMPTY);
    }

    /** All metadata of a message share one MODSEQ here, so which entry is asked for does not matter. RFC 7162 §3.1.5 */
    private SearchKey modSeq() {
        namesModSeq = true;
        if (reader.peek() == '"') {
            String entry = new String(reader.string(), StandardCharsets.UTF_8);
            if (!entry.startsWith("/flags/")) {
                throw reader.bad("\"/flags/...\" before");
            }
            reader.space();
            if (!reader.takeWord("all") && !reader.takeWord("priv") && !reader.takeWord("shared")) {
                throw reader.bad("all, priv or shared");
            }
            reader.space();
        }
        return new SearchKey.ModSeq(reader.number64());
    }
}
