package io.postrider.imap;

import io.postrider.store.ChangeFeed;
import io.postrider.store.Flags;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * The mailbox a session has selected, as its client has been told: UIDs by sequence number, \Recent, keywords. What the
 * client has not been told yet is the business of {@link Updates}.
 */
public final class SelectedMailbox {
    private final ImapSession session;
    private final MailboxKey key;
    private final boolean readOnly;
    private final Updates updates;
    private final SearchContexts contexts;
    private final ChangeFeed.Watch watch;

    private long uidValidity;
    private long uidNext;
    private UidMap uids = new UidMap(UidSet.EMPTY);
    private UidSet recent = UidSet.EMPTY;
    /** What SEARCH has saved as "$", kept like the UIDs: it may be all of a large mailbox. */
    private UidMap saved = new UidMap(UidSet.EMPTY);

    private List<String> keywords = new ArrayList<>();

    /** Watches the mailbox from now on, so that nothing falls between reading it and watching it. */
    SelectedMailbox(ImapSession session, MailboxKey key, boolean readOnly) {
        this.session = session;
        this.key = key;
        this.readOnly = readOnly;
        this.contexts = new SearchContexts(session, this);
        this.updates = new Updates(session, this);
        this.watch = session.store().changes().watch(key, updates::hint);
    }

    /** Reads the mailbox; closes it again if that fails. EXAMINE leaves \Recent to others. RFC 3501 §6.3.2 */
    Future<Messages.Opened> open() {
        return session.store()
                .messages()
                .open(key, claimsRecent())
                .onFailure(failure -> close())
                .map(this::opened);
    }

    private Messages.Opened opened(Messages.Opened opened) {
        uidValidity = opened.mailbox().uidValidity();
        uidNext = opened.mailbox().uidNext();
        uids = new UidMap(opened.uids());
        recent = opened.uids().above(opened.mailbox().recentFrom() - 1);
        keywords = new ArrayList<>(opened.mailbox().keywords());
        updates.startFrom(opened.mailbox().highestModSeq());
        return opened;
    }

    /** Tells the client what is new, before a tagged response. RFC 3501 §7.4.1 */
    Future<Void> flushUpdates(boolean mayExpunge) {
        return updates.tell(mayExpunge ? Updates.Expunges.TOLD : Updates.Expunges.HELD_BACK);
    }

    /** Hears no more of the mailbox. */
    void close() {
        watch.close();
    }

    MailboxKey key() {
        return key;
    }

    /** Whether \Recent messages are this session's: not those of one that never hears of \Recent. */
    boolean claimsRecent() {
        return !readOnly && tellsRecent();
    }

    /** RFC 9051 has no \Recent. */
    private boolean tellsRecent() {
        return !session.enabled(Extension.IMAP4REV2);
    }

    /** Selected by EXAMINE. */
    boolean readOnly() {
        return readOnly;
    }

    /** What changes the mailbox asks this first. */
    void mustBeWritable() {
        if (readOnly) {
            throw new No("READ-ONLY", "The mailbox is selected read-only");
        }
    }

    long uidValidity() {
        return uidValidity;
    }

    /** All UIDs that messages have had, up to the last that the client has been told of. */
    UidSet uidsGivenOut() {
        return uidNext <= 1 ? UidSet.EMPTY : UidSet.range(1, uidNext - 1);
    }

    UidMap uids() {
        return uids;
    }

    Updates updates() {
        return updates;
    }

    /** Searches that the client is kept informed of. */
    SearchContexts contexts() {
        return contexts;
    }

    /**
     * The messages a command names, as ranges which may have holes.
     *
     * <p>Where UIDs beyond those we know of are meant, "*" too, looks for new messages first: others may have put them
     * there a moment ago, and the client may know of them from elsewhere.
     */
    Future<UidSet> resolve(SequenceSet set, boolean byUid) {
        if (!byUid) {
            return Future.succeededFuture(named(set, false));
        }
        Future<Void> looked =
                set.reachesAbove(uids.highest()) ? updates.look(Updates.Expunges.HELD_BACK) : Future.succeededFuture();
        return looked.map(done -> named(set, true));
    }

    /** The messages that a set names among those the client knows of. */
    UidSet named(SequenceSet set, boolean byUid) {
        if (set.isSaved()) {
            return saved.all();
        }
        if (!byUid && session.enabled(Extension.UIDONLY)) {
            throw BadSyntax.uidRequired();
        }
        return byUid ? set.byUid(uids) : set.bySequence(uids);
    }

    /** Makes these the messages that "$" names, until they are expunged or others take their place. RFC 5182 §2.1 */
    void save(UidSet found) {
        saved = new UidMap(found);
    }

    boolean isRecent(long uid) {
        return recent.contains(uid) && tellsRecent();
    }

    UidSet recent() {
        return recent;
    }

    /** Messages have come, and perhaps gone again before the client could hear of them. */
    void came(UidSet newUids, long recentFrom, long newUidNext) {
        uidNext = newUidNext;
        uids.add(newUids);
        recent = recent.union(newUids.above(recentFrom - 1));
    }

    /** The client has been told that messages have gone. */
    void went(UidSet gone) {
        uids.remove(gone);
        recent = recent.minus(gone);
        saved.remove(gone);
    }

    /** Takes note of keywords. RFC 3501 §7.2.6 wants FLAGS sent again when there are new ones; says whether. */
    boolean learnKeywords(List<String> seen) {
        boolean learned = false;
        for (String keyword : seen) {
            if (keywords.stream().noneMatch(keyword::equalsIgnoreCase)) {
                keywords.add(keyword);
                learned = true;
            }
        }
        return learned;
    }

    /** FLAGS, and which of them can be kept: all and any new keyword, or none when read-only. RFC 3501 §7.1, §7.2.6 */
    void writeFlags(ResponseWriter out) {
        StringBuilder flags = new StringBuilder("\\Answered \\Flagged \\Deleted \\Seen \\Draft");
        keywords.forEach(keyword -> flags.append(' ').append(keyword));
        out.raw("* FLAGS (").raw(flags.toString()).raw(")").crlf();
        if (readOnly) {
            out.raw("* OK [PERMANENTFLAGS ()] Read-only mailbox").crlf();
        } else {
            out.raw("* OK [PERMANENTFLAGS (")
                    .raw(flags.toString())
                    .raw(" \\*)] Flags permitted")
                    .crlf();
        }
    }

    /** EXISTS and RECENT. RFC 3501 §7.3 */
    void writeSize(ResponseWriter out) {
        out.raw("* ").number(uids.size()).raw(" EXISTS").crlf();
        if (tellsRecent()) {
            out.raw("* ").number(recent.size()).raw(" RECENT").crlf();
        }
    }

    /** The message whose data follow: by sequence number, or by UID for a client that knows of nothing else. RFC 9586 §3.3 */
    void writeFetchHead(ResponseWriter out, long uid) {
        if (session.enabled(Extension.UIDONLY)) {
            out.raw("* ").number(uid).raw(" UIDFETCH (");
        } else {
            out.raw("* ").number(uids.sequence(uid)).raw(" FETCH (");
        }
    }

    /**
     * An untagged FETCH that tells a message's flags, and MODSEQ to clients that know of it, which also want the UID. RFC 3501
     * §7.4.2, RFC 7162 §3.2.4, RFC 9051 §7.5.2
     *
     * @param flags null to tell the MODSEQ alone
     */
    void writeFlagsOf(ResponseWriter out, long uid, Flags flags, long modSeq, boolean withUid) {
        writeFetchHead(out, uid);
        String separator = "";
        boolean condstore = session.enabled(Extension.CONDSTORE);
        boolean wanted = withUid || condstore || session.enabled(Extension.IMAP4REV2);
        if (wanted && !session.enabled(Extension.UIDONLY)) {
            out.raw("UID ").number(uid);
            separator = " ";
        }
        if (flags != null) {
            out.raw(separator).raw("FLAGS ").flags(flags, isRecent(uid));
            separator = " ";
        }
        if (condstore) {
            out.raw(separator).raw("MODSEQ (").number(modSeq).raw(")");
        }
        out.raw(")").crlf();
    }
}
