package io.postrider.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.store.Traces;
import java.time.Duration;
import java.util.Objects;

/**
 * What a node measures its clients' work with.
 *
 * @param slowCommand a command that takes longer than this gets a line in the log
 * @param traces where the spans of commands go
 */
public record Instruments(MeterRegistry registry, TenantMeters tenants, Duration slowCommand, Traces traces) {
    public static final Duration DEFAULT_SLOW_COMMAND = Duration.ofSeconds(1);

    public Instruments {
        Objects.requireNonNull(registry);
        Objects.requireNonNull(tenants);
        Objects.requireNonNull(slowCommand);
        Objects.requireNonNull(traces);
    }

    /** With the defaults. */
    public static Instruments of(MeterRegistry registry) {
        return new Instruments(
                registry, new TenantMeters(registry, TenantMeters.DEFAULT_NAMED), DEFAULT_SLOW_COMMAND, Traces.NONE);
    }
}
