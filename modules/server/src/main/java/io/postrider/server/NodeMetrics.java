package io.postrider.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a node says of itself, apart from mail: its registry, the JVM, the process and the event loops. */
final class NodeMetrics implements AutoCloseable {
    /** How often each event loop is asked how late it is. */
    private static final long LOOP_CHECK_MILLIS = 250;

    private static final Duration[] DELAYS = {
        Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1)
    };
    /** Of Vert.x's own meters, those that tell something ours do not: how the workers are, passwords above all. */
    private static final Set<String> WANTED_OF_VERTX = Set.of("vertx.pool.in.use", "vertx.pool.queue.pending");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();

    NodeMetrics() {
        // Of the database's pool our own meters say more.
        registry.config().meterFilter(MeterFilter.deny(NodeMetrics::isNoise));
        registry.config().meterFilter(new MetricsPage(registry.config().namingConvention()));
        List.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(metrics -> metrics.bindTo(registry));
        garbage.bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, bean -> bean.getProcessCpuTime() / 1e9)
                    .baseUnit("seconds")
                    .register(registry);
        }
        Gauge.builder("postrider.direct.memory", PlatformDependent::usedDirectMemory)
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("postrider.direct.memory.max", PlatformDependent::maxDirectMemory)
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("postrider.build.info", () -> 1)
                .tag("version", Version.NUMBER)
                .tag("java", Runtime.version().toString())
                .register(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Begins to measure how late each event loop comes to what is due: all that is served waits as long. */
    void watch(Vertx vertx) {
        int number = 0;
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            Timer delay = Timer.builder("postrider.event.loop.delay")
                    .tag("loop", String.valueOf(number++))
                    .serviceLevelObjectives(DELAYS)
                    .register(registry);
            loop.scheduleAtFixedRate(new LoopCheck(delay), LOOP_CHECK_MILLIS, LOOP_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }

    private static boolean isNoise(Meter.Id id) {
        if (id.getName().startsWith("vertx.")) {
            return !WANTED_OF_VERTX.contains(id.getName()) || !"worker".equals(id.getTag("pool_type"));
        }
        // In nanoseconds, which Prometheus has no use for.
        return id.getName().equals("process.cpu.time");
    }

    /** How long after its time it comes to run. Netty makes up for the runs it missed, so each has a time of its own. */
    private static final class LoopCheck implements Runnable {
        private final Timer delay;
        private long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOP_CHECK_MILLIS);

        LoopCheck(Timer delay) {
            this.delay = delay;
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            delay.record(Math.max(0, now - due), TimeUnit.NANOSECONDS);
            due += TimeUnit.MILLISECONDS.toNanos(LOOP_CHECK_MILLIS);
        }
    }
}
