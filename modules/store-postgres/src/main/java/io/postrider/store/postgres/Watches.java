package io.postrider.store.postgres;

import io.postrider.store.ChangeFeed;
import io.postrider.store.MailboxKey;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who on this node wants to hear of which mailbox. Any thread may come in; a listener is only ever called on its own
 * context, and hints that it has not taken yet become one.
 */
final class Watches {
    private final Map<MailboxKey, Watched> byMailbox = new ConcurrentHashMap<>();

    /** A mailbox that is watched, and the HIGHESTMODSEQ that its watches have been told of. */
    private static final class Watched {
        final AtomicLong told = new AtomicLong();
        volatile OneWatch[] watches = {};
    }

    /** A mailbox and the HIGHESTMODSEQ known of it. */
    record Known(MailboxKey mailbox, long modSeq) {}

    ChangeFeed.Watch add(MailboxKey mailbox, ChangeFeed.Listener listener, Context context) {
        OneWatch watch = new OneWatch(mailbox, listener, context);
        byMailbox.compute(mailbox, (key, before) -> {
            Watched watched = before == null ? new Watched() : before;
            OneWatch[] more = Arrays.copyOf(watched.watches, watched.watches.length + 1);
            more[more.length - 1] = watch;
            watched.watches = more;
            return watched;
        });
        return watch;
    }

    void hint(MailboxKey mailbox, long modSeq) {
        Watched watched = byMailbox.get(mailbox);
        if (watched != null) {
            hint(watched, modSeq);
        }
    }

    /** Anything may have changed. */
    void hintAll() {
        byMailbox.values().forEach(watched -> hint(watched, Long.MAX_VALUE));
    }

    int size() {
        return byMailbox.size();
    }

    List<Known> known() {
        List<Known> known = new ArrayList<>(byMailbox.size());
        byMailbox.forEach((mailbox, watched) -> known.add(new Known(mailbox, watched.told.get())));
        return known;
    }

    private static void hint(Watched watched, long modSeq) {
        if (modSeq != Long.MAX_VALUE) {
            watched.told.accumulateAndGet(modSeq, Math::max);
        }
        for (OneWatch watch : watched.watches) {
            watch.hint(modSeq);
        }
    }

    private void remove(OneWatch watch) {
        byMailbox.computeIfPresent(watch.mailbox, (key, watched) -> {
            watched.watches =
                    Arrays.stream(watched.watches).filter(w -> w != watch).toArray(OneWatch[]::new);
            return watched.watches.length == 0 ? null : watched;
        });
    }

    private final class OneWatch implements ChangeFeed.Watch {
        private static final long NONE = 0;

        private final MailboxKey mailbox;
        private final ChangeFeed.Listener listener;
        private final Context context;
        /** The hint that waits for its turn on the context. */
        private final AtomicLong pending = new AtomicLong(NONE);

        private volatile boolean closed;

        OneWatch(MailboxKey mailbox, ChangeFeed.Listener listener, Context context) {
            this.mailbox = mailbox;
            this.listener = listener;
            this.context = context;
        }

        void hint(long modSeq) {
            if (!closed && pending.getAndAccumulate(modSeq, Math::max) == NONE) {
                context.runOnContext(v -> {
                    long newest = pending.getAndSet(NONE);
                    if (!closed) {
                        listener.changed(newest);
                    }
                });
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                remove(this);
            }
        }
    }
}
