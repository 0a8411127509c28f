package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class TenantMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TenantMeters tenants = new TenantMeters(registry, 2);

    @Test
    void theFirstFewHaveNamesAndTheNextIsAmongTheOthers() {
        tenants.of("a").command();
        tenants.of("b").delivered(100);
        tenants.of("c").command();
        assertEquals(1, commands("a"));
        assertEquals(
                1,
                registry.get("postrider.tenant.deliveries")
                        .tag("tenant", "b")
                        .counter()
                        .count());
        assertEquals(
                100,
                registry.get("postrider.tenant.delivered.octets")
                        .tag("tenant", "b")
                        .counter()
                        .count());
        assertNull(find("c"));
        assertEquals(1, commands("other"));
    }

    @Test
    void whoDoesMoreTakesTheNameOfWhoDoesLess() {
        TenantMeters.Tenant c = tenants.of("c");
        tenants.of("a").command();
        tenants.of("b");
        TenantMeters.Tenant busy = tenants.of("busy");
        for (int i = 0; i < 10; i++) {
            busy.command();
            c.command();
        }
        tenants.rank();
        assertNull(find("a"));
        assertEquals(10, commands("c"));
        busy.command();
        assertEquals(1, commands("busy"), "counted by name from now on");
        tenants.of("a").command();
        assertEquals(11, commands("other"), "what was counted among the others stays there");
        tenants.rank();
        assertNull(find("a"), "one command is less than what the busy ones did a minute ago");
    }

    @Test
    void amongEqualsNobodyLosesItsName() {
        tenants.of("z");
        tenants.of("y");
        tenants.of("a");
        tenants.rank();
        assertEquals(0, commands("z"));
        assertEquals(0, commands("y"));
        assertNull(find("a"));
    }

    @Test
    void soManyTenantsAreRankedAndNoMore() {
        for (int i = 0; i < TenantMeters.MAX_RANKED; i++) {
            tenants.of("tenant" + i);
        }
        assertSame(tenants.of("one more"), tenants.of("and another"));
        assertSame(tenants.of("tenant1"), tenants.of("tenant1"));
        assertEquals(3 * 5, registry.getMeters().size(), "two names and the others");
    }

    @Test
    void aTenantCalledOtherHasNoSeriesOfItsOwn() {
        tenants.of("other").command();
        tenants.rank();
        assertEquals(1, commands("other"));
        assertEquals(5, registry.getMeters().size());
    }

    private double commands(String tenant) {
        return find(tenant).count();
    }

    private Counter find(String tenant) {
        return registry.find("postrider.tenant.commands").tag("tenant", tenant).counter();
    }
}
