package io.postrider.imap;

import io.postrider.store.SearchKey;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.List;

/**
 * What SEARCH, SORT and THREAD look for: a charset and keys. RFC 3501 §6.4.4
 *
 * @param charset as the client named it; null where it did not
 * @param uidSets sets of UIDs among the keys
 * @param namesNumbers whether sequence numbers are among them: then nothing may be expunged meanwhile. RFC 7162 §3.2.10.2
 * @param mustNameCharset whether it is one of SORT or THREAD. RFC 5256 §3
 */
record SearchProgram(
        String charset,
        SearchKeyReader.Term keys,
        List<SequenceSet> uidSets,
        boolean namesModSeq,
        boolean namesNumbers,
        boolean mustNameCharset) {
    /** SEARCH's: CHARSET may stand before the keys. */
    static SearchProgram readWithCharsetIfThere(CommandReader reader) {
        String charset = null;
        if (reader.takeWord("CHARSET")) {
            reader.space();
            charset = reader.astring();
            reader.space();
        }
        return read(reader, charset, false);
    }

    /** SORT's and THREAD's: a charset must stand before the keys. RFC 5256 §3 */
    static SearchProgram readWithCharset(CommandReader reader) {
        String charset = reader.astring();
        reader.space();
        return read(reader, charset, true);
    }

    private static SearchProgram read(CommandReader reader, String charset, boolean mustNameCharset) {
        SearchKeyReader keys = new SearchKeyReader(reader, isKnown(charset));
        SearchKeyReader.Term program = keys.program();
        return new SearchProgram(
                charset, program, keys.uidSets(), keys.namesModSeq(), keys.namesNumbers(), mustNameCharset);
    }

    /** What the store is to look for. Where UIDs beyond those the client knows of are named, looks for new messages first. */
    Future<SearchKey> begin(ImapSession session) {
        if (!isKnown(charset)) {
            return Future.failedFuture(new No("BADCHARSET (US-ASCII UTF-8)", "Charset not known"));
        }
        if (charset != null && !mustNameCharset && session.enabled(Extension.UTF8_ACCEPT)) {
            // It could only contradict what was enabled. RFC 6855 §3
            return Future.failedFuture(new BadSyntax("No charset behind ENABLE UTF8=ACCEPT"));
        }
        if (namesModSeq) {
            Condstore.use(session);
        }
        SelectedMailbox mailbox = session.selected();
        long highest = mailbox.uids().highest();
        boolean beyond = uidSets.stream().anyMatch(set -> set.reachesAbove(highest));
        Future<Void> looked = beyond ? mailbox.updates().look(Updates.Expunges.HELD_BACK) : Future.succeededFuture();
        return looked.map(ready -> keys.in(mailbox));
    }

    /** For what needs all messages at once or none. RFC 9738 §3.3 */
    Future<SearchKey> beginOfAll(ImapSession session) {
        return begin(session).map(key -> {
            session.limits().messageLimit().mustHold(session.selected().uids(), key);
            return key;
        });
    }

    /**
     * What the store has found and the client has not heard of is told now, so that a client finds what it has just
     * appended over another connection: offlineimap would append it again.
     *
     * @param later where the results are kept up to date it is told as news, for what else has changed meanwhile must be told
     *     after the results, too
     */
    Future<UidSet> known(SelectedMailbox mailbox, UidSet found, boolean later) {
        boolean beyond = !found.above(mailbox.uids().highest()).isEmpty();
        if (beyond && later) {
            mailbox.updates().hint();
        }
        Future<Void> looked =
                beyond && !later ? mailbox.updates().look(Updates.Expunges.HELD_BACK) : Future.succeededFuture();
        return looked.map(done -> found.minus(found.above(mailbox.uids().highest())));
    }

    /** Text is UTF-8 always, of which US-ASCII is a part. */
    private static boolean isKnown(String charset) {
        return charset == null || charset.equalsIgnoreCase("UTF-8") || charset.equalsIgnoreCase("US-ASCII");
    }
}
