package io.postrider.imap;

import io.postrider.store.UidList;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** What has been found, UIDs or sequence numbers, in the order in which it is to be told. */
interface Results {
    /** Numbers or ranges that are written before the client must have taken them. */
    int AT_ONCE = 10_000;

    long size();

    /** By its place, from 0. */
    long at(long index);

    /** Those from one place up to before another. */
    Results slice(long start, long end);

    /** Without their order. */
    UidSet set();

    /** The sequence numbers of these UIDs, in their order. */
    Results sequences(UidMap uids);

    /** Writes one by one, each with a space before it; nothing afterwards. */
    Future<Void> writeEach(ImapSession session, ResponseWriter out);

    /** Writes them as a sequence set; there must be some. */
    Future<Void> writeSet(ImapSession session, ResponseWriter out);

    /** In the order of the mailbox. */
    record Ascending(UidSet set) implements Results {
        @Override
        public long size() {
            return set.size();
        }

        @Override
        public long at(long index) {
            return set.at(index);
        }

        @Override
        public Results slice(long start, long end) {
            if (start >= end) {
                return new Ascending(UidSet.EMPTY);
            }
            return new Ascending(set.intersect(UidSet.range(set.at(start), set.at(end - 1))));
        }

        @Override
        public Results sequences(UidMap uids) {
            return new Ascending(uids.sequences(set));
        }

        @Override
        public Future<Void> writeEach(ImapSession session, ResponseWriter out) {
            var each = set.iterator();
            return EachInOrder.whileTrue(() -> {
                for (int i = 0; i < AT_ONCE && each.hasNext(); i++) {
                    out.raw(" ").number(each.nextLong());
                }
                return taken(session, out, each.hasNext());
            });
        }

        @Override
        public Future<Void> writeSet(ImapSession session, ResponseWriter out) {
            int[] next = {0};
            return EachInOrder.whileTrue(() -> {
                for (int i = 0; i < AT_ONCE && next[0] < set.rangeCount(); i++) {
                    int range = next[0]++;
                    out.raw(range == 0 ? "" : ",").number(set.first(range));
                    if (set.last(range) > set.first(range)) {
                        out.raw(":").number(set.last(range));
                    }
                }
                return taken(session, out, next[0] < set.rangeCount());
            });
        }
    }

    /** In an order that SORT has made. */
    record Ordered(UidList list) implements Results {
        @Override
        public long size() {
            return list.size();
        }

        @Override
        public long at(long index) {
            return list.at((int) index);
        }

        @Override
        public Results slice(long start, long end) {
            return new Ordered(list.slice((int) Math.min(start, list.size()), (int) Math.min(end, list.size())));
        }

        @Override
        public UidSet set() {
            return list.toSet();
        }

        @Override
        public Results sequences(UidMap uids) {
            return new Ordered(uids.sequences(list));
        }

        @Override
        public Future<Void> writeEach(ImapSession session, ResponseWriter out) {
            return write(session, out, " ", " ");
        }

        /** No ranges: whether 3:1 means what it says not all clients agree. RFC 5267 §3.2 */
        @Override
        public Future<Void> writeSet(ImapSession session, ResponseWriter out) {
            return write(session, out, "", ",");
        }

        private Future<Void> write(ImapSession session, ResponseWriter out, String first, String separator) {
            int[] next = {0};
            return EachInOrder.whileTrue(() -> {
                for (int i = 0; i < AT_ONCE && next[0] < list.size(); i++) {
                    out.raw(next[0] == 0 ? first : separator).number(list.at(next[0]++));
                }
                return taken(session, out, next[0] < list.size());
            });
        }
    }

    /**
     * While there is more, what is written so far is sent and must be taken first; other connections of the event loop have
     * their turn meanwhile.
     */
    static Future<Boolean> taken(ImapSession session, ResponseWriter out, boolean more) {
        if (!more) {
            return Future.succeededFuture(false);
        }
        session.write(out);
        return session.connection().drained().compose(drained -> {
            Promise<Boolean> turn = Promise.promise();
            session.connection().context().runOnContext(v -> turn.complete(true));
            return turn.future();
        });
    }
}
