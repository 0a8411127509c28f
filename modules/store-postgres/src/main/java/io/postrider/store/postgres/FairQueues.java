package io.postrider.store.postgres;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Who waits, in a queue of the account's own. Tenants take turns, and of the tenant whose turn it is its accounts: a tenant of
 * a thousand busy accounts holds up another by no more than one of a single account, and an account with a thousand waiting
 * the tenant's others by no more than one with one. When there is no more room, the last of the tenant that has most
 * waiting has to go.
 */
final class FairQueues<T> {
    /** Of an account so many may wait; the next is refused. */
    static final int LONGEST_OF_ACCOUNT = 1_000;

    private final int longest;
    private final Map<Long, Tenant> tenants = new HashMap<>();
    /** Those who have somebody waiting; the next is first. */
    private final Deque<Tenant> turns = new ArrayDeque<>();

    private int size;

    /** @param longest so many may wait, all together */
    FairQueues(int longest) {
        this.longest = longest;
    }

    private final class Tenant {
        final long number;
        final Map<Long, Deque<T>> accounts = new HashMap<>();
        /** Those who have somebody waiting; the next is first. */
        final Deque<Long> turns = new ArrayDeque<>();

        int size;

        Tenant(long number) {
            this.number = number;
        }

        void add(long account, T waiter) {
            Deque<T> queue = accounts.get(account);
            if (queue == null) {
                queue = new ArrayDeque<>(1);
                accounts.put(account, queue);
                turns.add(account);
            }
            queue.add(waiter);
            count(1);
        }

        /** Of the first account that may; null when none may. */
        T next(LongPredicate mayEnter) {
            for (int i = turns.size(); i > 0; i--) {
                long account = turns.remove();
                if (mayEnter.test(account)) {
                    Deque<T> queue = accounts.get(account);
                    T next = queue.remove();
                    count(-1);
                    if (queue.isEmpty()) {
                        accounts.remove(account);
                    } else {
                        turns.add(account);
                    }
                    return next;
                }
                turns.add(account);
            }
            return null;
        }

        boolean remove(long account, T waiter) {
            Deque<T> queue = accounts.get(account);
            if (queue == null || !queue.removeLastOccurrence(waiter)) {
                return false;
            }
            count(-1);
            if (queue.isEmpty()) {
                accounts.remove(account);
                turns.remove(account);
            }
            return true;
        }

        T removeLast() {
            long account = turns.getLast();
            T last = accounts.get(account).getLast();
            remove(account, last);
            return last;
        }

        private void count(int more) {
            size += more;
            FairQueues.this.size += more;
        }
    }

    int size() {
        return size;
    }

    /** Takes it in. Gives who has to go for want of room: another, or itself; null when there is room. */
    T add(long tenant, long account, T waiter) {
        Tenant its = tenants.get(tenant);
        Deque<T> queue = its == null ? null : its.accounts.get(account);
        if (queue != null && queue.size() >= LONGEST_OF_ACCOUNT) {
            return waiter;
        }
        T removed = null;
        if (size >= longest) {
            Tenant most = turns.stream()
                    .max(Comparator.comparingInt(each -> each.size))
                    .orElse(null);
            // Else they would only take each other's places.
            if (most == null || most.size <= (its == null ? 0 : its.size) + 1) {
                return waiter;
            }
            removed = most.removeLast();
        }
        if (its == null) {
            its = new Tenant(tenant);
            tenants.put(tenant, its);
            turns.add(its);
        }
        its.add(account, waiter);
        return removed;
    }

    /** The next one whose account may enter; null when there is none. */
    T next(LongPredicate mayEnter) {
        for (int i = turns.size(); i > 0; i--) {
            Tenant tenant = turns.remove();
            T next = tenant.next(mayEnter);
            if (tenant.size > 0) {
                turns.add(tenant);
            } else {
                tenants.remove(tenant.number);
            }
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    /** Whether it was still there. */
    boolean remove(long tenant, long account, T waiter) {
        Tenant its = tenants.get(tenant);
        if (its == null || !its.remove(account, waiter)) {
            return false;
        }
        if (its.size == 0) {
            tenants.remove(tenant);
            turns.remove(its);
        }
        return true;
    }
}
