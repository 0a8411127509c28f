package io.postrider.store.postgres;

import io.postrider.store.Account;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Whose the accounts are that this node serves, learnt as they log in and get mail: so that errands asked for in the name of
 * an account can take the turn of its tenant, and no statement needs to ask. It has room for so many and no more; an account
 * that had to make room for another stands for itself until it is seen again.
 */
final class TenantsOfAccounts {
    static final int PLACES = 1 << 16;

    private record Known(long account, long tenant) {}

    private final AtomicReferenceArray<Known> places = new AtomicReferenceArray<>(PLACES);

    void seen(Account account) {
        int place = place(account.accountId());
        Known there = places.get(place);
        if (there == null || there.account != account.accountId() || there.tenant != account.tenantId()) {
            places.set(place, new Known(account.accountId(), account.tenantId()));
        }
    }

    /** The account's tenant; when it is not known, a number that is no tenant's and no other account's. */
    long of(long account) {
        Known there = places.get(place(account));
        return there != null && there.account == account ? there.tenant : -account;
    }

    /** Accounts of one tenant are often numbered in a row: so they do not meet. */
    private static int place(long account) {
        return (int) (account & (PLACES - 1));
    }
}
