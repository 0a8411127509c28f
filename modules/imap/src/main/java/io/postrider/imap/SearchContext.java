package io.postrider.imap;

import io.postrider.store.SearchKey;
import io.postrider.store.SortKey;
import io.postrider.store.UidList;
import io.postrider.store.UidSet;
import java.util.ArrayList;
import java.util.List;

/**
 * A search whose results the client wants to be kept informed of, and what it has been told of them. RFC 5267 §4.3
 *
 * <p>A sorted one knows the place of each: no message changes what it is sorted by, so results only come and go.
 */
final class SearchContext {
    private final String tag;
    private final boolean byUid;
    private final SearchKey key;
    private final List<SortKey> order;
    private final List<FetchItem> itemsOfNew;
    private final UidMap found;
    private UidList sorted;

    /**
     * @param key with sequence numbers and "$" as they were when the command came
     * @param order null for SEARCH
     * @param itemsOfNew what to tell of new messages that are found; empty for nothing. RFC 5465 §7
     */
    SearchContext(
            String tag, boolean byUid, SearchKey key, List<SortKey> order, List<FetchItem> itemsOfNew, Results found) {
        this.tag = tag;
        this.byUid = byUid;
        this.key = key;
        this.order = order;
        this.itemsOfNew = itemsOfNew;
        this.found = new UidMap(found.set());
        this.sorted = found instanceof Results.Ordered ordered ? ordered.list() : null;
    }

    String tag() {
        return tag;
    }

    boolean byUid() {
        return byUid;
    }

    SearchKey key() {
        return key;
    }

    /** Null for SEARCH. */
    List<SortKey> order() {
        return order;
    }

    List<FetchItem> itemsOfNew() {
        return itemsOfNew;
    }

    /** Those of these that the client believes to be found. */
    UidSet known(UidSet uids) {
        return found.known(uids);
    }

    /** All that the client believes to be found. */
    UidSet all() {
        return found.all();
    }

    /**
     * One place and the results there, for ADDTO and REMOVEFROM.
     *
     * @param position 0 where the mailbox's order tells it
     */
    record Place(long position, Results uids) {}

    /** Takes results away; gives where, from the last place to the first. */
    List<Place> remove(UidSet gone) {
        found.remove(gone);
        if (sorted == null) {
            return List.of(new Place(0, new Results.Ascending(gone)));
        }
        List<Place> places = new ArrayList<>();
        int end = sorted.size();
        while (end > 0) {
            int start = end - 1;
            boolean goes = gone.contains(sorted.at(start));
            while (start > 0 && gone.contains(sorted.at(start - 1)) == goes) {
                start--;
            }
            if (goes) {
                places.add(new Place(start + 1, new Results.Ordered(sorted.slice(start, end))));
            }
            end = start;
        }
        sorted = sorted.without(gone);
        return places;
    }

    /**
     * Adds results; gives where, from the first place to the last.
     *
     * @param inOrder the new results and those of the others that are still there, in order; null for SEARCH
     */
    List<Place> add(UidSet newly, UidList inOrder) {
        found.add(newly);
        if (sorted == null) {
            return List.of(new Place(0, new Results.Ascending(newly)));
        }
        sorted = merged(newly, inOrder);
        List<Place> places = new ArrayList<>();
        for (int start = 0; start < sorted.size(); ) {
            boolean comes = newly.contains(sorted.at(start));
            int end = start + 1;
            while (end < sorted.size() && newly.contains(sorted.at(end)) == comes) {
                end++;
            }
            if (comes) {
                places.add(new Place(start + 1, new Results.Ordered(sorted.slice(start, end))));
            }
            start = end;
        }
        return places;
    }

    /** What is expunged already but not told keeps its place before the next that is still there. */
    private UidList merged(UidSet newly, UidList inOrder) {
        long[] all = new long[sorted.size() + (int) newly.size()];
        int next = 0;
        int old = 0;
        for (int i = 0; i < inOrder.size(); i++) {
            long uid = inOrder.at(i);
            if (newly.contains(uid)) {
                all[next++] = uid;
                continue;
            }
            while (old < sorted.size()) {
                long before = sorted.at(old++);
                all[next++] = before;
                if (before == uid) {
                    break;
                }
            }
        }
        while (old < sorted.size()) {
            all[next++] = sorted.at(old++);
        }
        return UidList.of(next, i -> all[(int) i]);
    }
}
