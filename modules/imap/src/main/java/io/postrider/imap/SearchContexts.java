package io.postrider.imap;

import io.postrider.store.SearchKey;
import io.postrider.store.UidList;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * The searches of a session whose results are kept up to date while the mailbox is selected. What has changed is searched
 * again, and only that; what comes in or drops out is told by ADDTO and REMOVEFROM. RFC 5267 §4.3
 */
final class SearchContexts {
    /** Searches that are kept up to date; further ones get NOUPDATE. */
    static final int MAX_CONTEXTS = 10;
    /** Results of a sorted one: each that comes makes all of them be put in order again. NOUPDATE beyond. */
    static final int MAX_SORTED = 10_000;

    private final ImapSession session;
    private final SelectedMailbox mailbox;
    private final List<SearchContext> contexts = new ArrayList<>();
    /** Messages that have changed and have not been searched again. */
    private UidSet unchecked = UidSet.EMPTY;

    SearchContexts(ImapSession session, SelectedMailbox mailbox) {
        this.session = session;
        this.mailbox = mailbox;
    }

    /** Refuses a tag that a context has already. RFC 5267 §4.3 */
    void mustBeNew(String tag) {
        if (contexts.stream().anyMatch(context -> context.tag().equals(tag))) {
            throw new BadSyntax("Tag reuse");
        }
    }

    /** Takes it, or says NOUPDATE. RFC 5267 §4.3.1 */
    void add(SearchContext context, long results) {
        if (contexts.size() < MAX_CONTEXTS && (context.order() == null || results <= MAX_SORTED)) {
            contexts.add(context);
        } else {
            refuse(context.tag(), "Too many contexts or results");
        }
    }

    private void refuse(String tag, String why) {
        session.write(session.response()
                .raw("* NO [NOUPDATE ")
                .string(tag)
                .raw("] ")
                .raw(why)
                .crlf());
    }

    void cancel(List<String> tags) {
        contexts.removeIf(context -> tags.contains(context.tag()));
        if (contexts.isEmpty()) {
            unchecked = UidSet.EMPTY;
        }
    }

    /** These have changed, by whomever; {@link #settle} looks. */
    void changed(UidSet uids) {
        if (!contexts.isEmpty()) {
            unchecked = unchecked.union(uids);
        }
    }

    /** Tells which messages that have changed are found now, or no longer; of the new ones also what was asked for. */
    Future<Void> settle(UidSet newUids) {
        if (unchecked.isEmpty()) {
            return Future.succeededFuture();
        }
        UidSet uids = mailbox.uids().known(unchecked);
        return EachInOrder.of(List.copyOf(contexts), context -> settle(context, uids, newUids))
                .onSuccess(settled -> unchecked = unchecked.minus(uids));
    }

    private Future<Void> settle(SearchContext context, UidSet uids, UidSet newUids) {
        SearchKey among = new SearchKey.And(List.of(new SearchKey.Uids(uids), context.key()));
        return session.store().messages().search(mailbox.key(), among).compose(found -> {
            UidSet matching = found.uids();
            UidSet known = context.known(uids);
            return update(context, matching.minus(known), known.minus(matching), newUids);
        });
    }

    private Future<Void> update(SearchContext context, UidSet added, UidSet removed, UidSet newUids) {
        if (added.isEmpty()) {
            return removed.isEmpty() ? Future.succeededFuture() : tell(context, "REMOVEFROM", context.remove(removed));
        }
        UidSet toFetch = context.itemsOfNew().isEmpty() ? UidSet.EMPTY : added.intersect(newUids);
        return sorted(context, added)
                .compose(sorted -> FetchCommand.tell(session, mailbox, toFetch, context.itemsOfNew())
                        .compose(told -> removed.isEmpty()
                                ? Future.succeededFuture()
                                : tell(context, "REMOVEFROM", context.remove(removed)))
                        .compose(told -> tooMany(context, sorted)
                                ? Future.succeededFuture()
                                : tell(context, "ADDTO", context.add(added, without(sorted, removed)))));
    }

    private static UidList without(UidList sorted, UidSet removed) {
        return sorted == null ? null : sorted.without(removed);
    }

    private boolean tooMany(SearchContext context, UidList sorted) {
        boolean tooMany = sorted != null && sorted.size() > MAX_SORTED;
        if (tooMany) {
            contexts.remove(context);
            refuse(context.tag(), "Too many results");
        }
        return tooMany;
    }

    /** All results and the new ones in order; null where the mailbox's order is that. */
    private Future<UidList> sorted(SearchContext context, UidSet added) {
        if (context.order() == null) {
            return Future.succeededFuture(null);
        }
        SearchKey all = new SearchKey.Uids(context.all().union(added));
        return session.store()
                .messages()
                .sort(mailbox.key(), all, context.order())
                .map(found -> found.uids().only(context.all().union(added)));
    }

    /** Before EXPUNGE tells it, for afterwards the numbers have shifted. RFC 5267 §4.3.4 */
    Future<Void> gone(UidSet uids) {
        return EachInOrder.of(List.copyOf(contexts), context -> {
            UidSet removed = context.known(uids);
            return removed.isEmpty() ? Future.succeededFuture() : tell(context, "REMOVEFROM", context.remove(removed));
        });
    }

    private Future<Void> tell(SearchContext context, String item, List<SearchContext.Place> places) {
        ResponseWriter out = session.response();
        out.raw("* ESEARCH (TAG ").string(context.tag()).raw(context.byUid() ? ") UID " : ") ");
        out.raw(item).raw(" (");
        boolean[] first = {true};
        return EachInOrder.of(places, place -> {
                    out.raw(first[0] ? "" : " ").number(place.position()).raw(" ");
                    first[0] = false;
                    Results numbers =
                            context.byUid() ? place.uids() : place.uids().sequences(mailbox.uids());
                    return numbers.writeSet(session, out);
                })
                .compose(written -> {
                    session.write(out.raw(")").crlf());
                    return session.connection().drained();
                });
    }
}
