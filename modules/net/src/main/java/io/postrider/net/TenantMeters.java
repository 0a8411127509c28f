package io.postrider.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What each tenant does, under a bounded number of names: the most active have series of their own, all others together
 * one called "other". Thousands of tenants as label values would be thousands of series on each node.
 *
 * <p>Who is active is found anew by {@link #rank}. A tenant that loses its series starts from zero when it gets one again,
 * which Prometheus takes for a restarted counter.
 */
public final class TenantMeters {
    public static final int DEFAULT_NAMED = 20;
    /** How the tenants without series of their own are called. A tenant of that name has none either. */
    static final String OTHER = "other";
    /** Tenants that are ranked at all; whoever comes later stays among the others until the node restarts. */
    static final int MAX_RANKED = 10_000;

    /** One tenant's counters; whoever serves it keeps this, so that counting costs no look-up. */
    public static final class Tenant {
        private final String name;
        private final LongAdder activity = new LongAdder();
        private long score;
        private volatile Counters counters;

        private Tenant(String name, Counters counters) {
            this.name = name;
            this.counters = counters;
        }

        public String name() {
            return name;
        }

        void command() {
            activity.increment();
            counters.commands.increment();
        }

        /** A message has been delivered to one of its accounts. */
        public void delivered(long octets) {
            activity.increment();
            Counters now = counters;
            now.deliveries.increment();
            now.delivered.increment(octets);
        }

        void received(int octets) {
            counters.received.increment(octets);
        }

        void sent(int octets) {
            counters.sent.increment(octets);
        }
    }

    private record Counters(Counter commands, Counter deliveries, Counter delivered, Counter received, Counter sent) {
        static Counters of(MeterRegistry registry, String tenant) {
            return new Counters(
                    registry.counter("postrider.tenant.commands", "tenant", tenant),
                    registry.counter("postrider.tenant.deliveries", "tenant", tenant),
                    registry.counter("postrider.tenant.delivered.octets", "tenant", tenant),
                    registry.counter("postrider.tenant.octets", "tenant", tenant, "direction", "in"),
                    registry.counter("postrider.tenant.octets", "tenant", tenant, "direction", "out"));
        }

        void remove(MeterRegistry registry) {
            List.of(commands, deliveries, delivered, received, sent).forEach(registry::remove);
        }
    }

    private final MeterRegistry registry;
    private final int named;
    private final Counters others;
    private final Tenant unranked;
    private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();
    private int namedNow;

    /** @param named how many have series of their own */
    public TenantMeters(MeterRegistry registry, int named) {
        this.registry = registry;
        this.named = named;
        this.others = Counters.of(registry, OTHER);
        this.unranked = new Tenant(OTHER, others);
    }

    /** From any thread. */
    public Tenant of(String name) {
        Tenant known = tenants.get(name);
        return known == null ? added(name) : known;
    }

    /** To be called now and then: gives the names to those that did most of late. */
    public synchronized void rank() {
        List<Tenant> all = new ArrayList<>(tenants.values());
        // What was done before counts half, so that a quiet minute does not cost a name.
        all.forEach(tenant -> tenant.score = tenant.score / 2 + tenant.activity.sumThenReset());
        // Among equals who has a name keeps it.
        all.sort(Comparator.comparingLong((Tenant tenant) -> tenant.score)
                .thenComparing(this::isNamed)
                .reversed());
        List<Tenant> best = all.subList(0, Math.min(named, all.size()));
        all.subList(best.size(), all.size()).stream().filter(this::isNamed).forEach(this::unname);
        best.stream().filter(tenant -> !isNamed(tenant)).forEach(this::name);
    }

    private synchronized Tenant added(String name) {
        if (name.equals(OTHER) || tenants.size() >= MAX_RANKED) {
            return unranked;
        }
        return tenants.computeIfAbsent(name, n -> {
            Tenant tenant = new Tenant(n, others);
            if (namedNow < named) {
                name(tenant);
            }
            return tenant;
        });
    }

    private boolean isNamed(Tenant tenant) {
        return tenant.counters != others;
    }

    private void name(Tenant tenant) {
        namedNow++;
        tenant.counters = Counters.of(registry, tenant.name);
    }

    private void unname(Tenant tenant) {
        namedNow--;
        Counters former = tenant.counters;
        tenant.counters = others;
        former.remove(registry);
    }
}
