package io.postrider.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postrider.store.Account;
import org.junit.jupiter.api.Test;

class TenantsOfAccountsTest {
    private final TenantsOfAccounts tenants = new TenantsOfAccounts();

    @Test
    void anAccountThatWasSeenIsItsTenants() {
        tenants.seen(account(7, 3));
        assertEquals(3, tenants.of(7));
        tenants.seen(account(7, 4));
        assertEquals(4, tenants.of(7));
    }

    @Test
    void anAccountThatIsNotKnownStandsForItself() {
        assertEquals(-7, tenants.of(7));
        tenants.seen(account(7, 3));
        tenants.seen(account(7 + TenantsOfAccounts.PLACES, 5));
        assertEquals(-7, tenants.of(7));
        assertEquals(5, tenants.of(7 + TenantsOfAccounts.PLACES));
    }

    private static Account account(long account, long tenant) {
        return new Account(account, tenant, "", "", true, 0, 0);
    }
}
