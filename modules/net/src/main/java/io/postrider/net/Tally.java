package io.postrider.net;

import io.postrider.store.Traces;
import java.time.Duration;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What one connection counts: its octets, and where it stands among the listener's connections. Touched only on the
 * connection's own context.
 */
public final class Tally {
    private final ListenerMetrics metrics;
    private SessionState state = SessionState.NOT_AUTHENTICATED;
    private boolean secure;
    private boolean gone;
    private long octetsSent;
    /** Null before login. */
    private TenantMeters.Tenant tenant;

    private String tenantName;
    private String account;

    Tally(ListenerMetrics metrics) {
        this.metrics = metrics;
        metrics.in(state, secure).increment();
    }

    /** For what is done to others' accounts than the client's own. */
    public TenantMeters tenants() {
        return metrics.instruments().tenants();
    }

    /** The client has logged in: from now on what it does counts as its tenant's. */
    public void authenticated(String tenantName, String address) {
        this.tenantName = tenantName;
        account = address;
        tenant = tenants().of(tenantName);
        is(SessionState.AUTHENTICATED, secure);
    }

    /** The client is nobody again. */
    public void unauthenticated() {
        tenantName = null;
        account = null;
        tenant = null;
        is(SessionState.NOT_AUTHENTICATED, secure);
    }

    /** Octets that the handler has written. */
    public long octetsSent() {
        return octetsSent;
    }

    /** How far the client has come. */
    public void is(SessionState now) {
        is(now, secure);
    }

    void secured() {
        metrics.handshakesDone.increment();
        is(state, true);
    }

    LoggingEventBuilder tell(LoggingEventBuilder line) {
        return account == null ? line : line.addKeyValue("tenant", tenantName).addKeyValue("account", account);
    }

    /** Null before login. */
    String tenantName() {
        return tenantName;
    }

    Traces traces() {
        return metrics.instruments().traces();
    }

    Duration slowCommand() {
        return metrics.instruments().slowCommand();
    }

    void gone() {
        metrics.in(state, secure).decrement();
        gone = true;
    }

    void received(int octets) {
        metrics.octetsReceived.increment(octets);
        if (tenant != null) {
            tenant.received(octets);
        }
    }

    void sent(int octets) {
        octetsSent += octets;
        metrics.octetsSent.increment(octets);
        if (tenant != null) {
            tenant.sent(octets);
        }
    }

    void commandEnded() {
        if (tenant != null) {
            tenant.command();
        }
    }

    private void is(SessionState now, boolean nowSecure) {
        if (!gone) {
            metrics.in(state, secure).decrement();
            metrics.in(now, nowSecure).increment();
        }
        state = now;
        secure = nowSecure;
    }
}
