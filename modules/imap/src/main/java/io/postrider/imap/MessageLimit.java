package io.postrider.imap;

import io.postrider.imap.Command.Completion;
import io.postrider.store.SearchKey;
import io.postrider.store.UidSet;
import java.util.List;

/**
 * How many messages one command works on. Of more, most commands take those with the highest UIDs, and say from which on; what
 * is all or none (COPY, APPEND) or needs all at once (SORT, THREAD) is refused. EXPUNGE, CLOSE and STATUS know no such limit.
 * RFC 9738 §3.1
 *
 * @param savesOnly whether COPY and APPEND alone are bound by it: then SAVELIMIT is told in place of MESSAGELIMIT, never both
 */
public record MessageLimit(long messages, boolean savesOnly) {
    /** Beyond all but absurd mailboxes: who has never heard of the limit would take a part for the whole. */
    public static final MessageLimit DEFAULT = new MessageLimit(10_000_000, false);

    /**
     * What a command works on.
     *
     * @param uids as ranges which may have holes
     * @param lowest UID of a message that is worked on, when others below are not; else 0
     */
    record Part(UidSet uids, long lowest) {
        boolean isAll() {
            return lowest == 0;
        }
    }

    String capability() {
        return (savesOnly ? "SAVELIMIT=" : "MESSAGELIMIT=") + messages;
    }

    /** Of the messages that a command names, those it works on. */
    Part of(UidMap map, UidSet named) {
        UidSet last = savesOnly ? null : map.lastOf(named, messages);
        return last == null ? new Part(named, 0) : new Part(last, last.min());
    }

    /** What COPY names is copied as a whole or not at all. */
    void mustHold(UidMap map, UidSet copied) {
        UidSet last = map.lastOf(copied, messages);
        if (last != null) {
            throw new No(code(last.min()), "Too many messages to copy, try fewer");
        }
    }

    /** APPEND has so many messages and begins another. */
    void mustHoldMoreThan(int appended) {
        if (appended >= messages) {
            throw refusal();
        }
    }

    /** PARTIAL says how many messages are wanted at once; a range beyond the last one wants no more than there are. */
    void mustHoldPartial(UidMap map, UidSet part) {
        if (!of(map, part).isAll()) {
            throw refusal();
        }
    }

    /**
     * Of the messages that a search must look through, which its sets of numbers and UIDs may have narrowed down, those that it
     * does look through: it is these that count, not what is found.
     */
    Part searched(UidMap map, SearchKey key) {
        return of(map, narrowed(UidSet.ALL, key));
    }

    /** The search among a part only; what has come since the client last heard of it is part of that. */
    static SearchKey among(Part part, SearchKey key) {
        return part.isAll()
                ? key
                : new SearchKey.And(List.of(new SearchKey.Uids(UidSet.range(part.lowest(), UidSet.MAX_UID)), key));
    }

    /** SORT and THREAD of a part would make no sense. RFC 9738 §3.3 */
    void mustHold(UidMap map, SearchKey sorted) {
        if (!searched(map, sorted).isAll()) {
            throw refusal();
        }
    }

    /** How a command ends that has worked on a part: beside another response code, it is told in one of its own. */
    Completion told(ImapSession session, Part part, Completion completion) {
        if (part.isAll()) {
            return completion;
        }
        String code = code(part.lowest());
        if (completion.code().isEmpty()) {
            return new Completion(code, completion.text() + " for the last " + messages + " messages");
        }
        session.connection().write("* NO [" + code + "] Only the last " + messages + " messages\r\n");
        return completion;
    }

    private static UidSet narrowed(UidSet among, SearchKey key) {
        if (key instanceof SearchKey.Uids named) {
            return among.intersect(named.uids());
        }
        UidSet narrowed = among;
        if (key instanceof SearchKey.And and) {
            for (SearchKey each : and.keys()) {
                narrowed = narrowed(narrowed, each);
            }
        }
        return narrowed;
    }

    private No refusal() {
        return new No("MESSAGELIMIT " + messages, "More than " + messages + " messages");
    }

    private String code(long lowest) {
        return "MESSAGELIMIT " + messages + " " + lowest;
    }
}
