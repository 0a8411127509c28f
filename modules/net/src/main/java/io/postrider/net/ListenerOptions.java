package io.postrider.net;

import java.time.Duration;
import java.util.Objects;

/**
 * One listening address and what holds for the connections that come in by it.
 *
 * @param name in logs and metrics: imap, imaps, pop3 ...
 * @param port 0 for any free one
 * @param plainTextPasswords whether a password may cross this listener without TLS
 * @param maxConnections at once, over all event loops; the next one is closed without a word
 * @param instances verticles, one event loop each; 0 for one per core
 * @param handshakeTime for TLS to come up; who needs longer is disconnected
 * @param closeTime for a client to take our last words once its connection is closed; then it is cut
 * @param graceTime for connections to end by themselves when the listener stops; then they are cut
 * @param spreadTime over which the connections are asked to end when the listener stops, at most
 * @param balancers each connection must come from one of them and begin with a PROXY header; null where none does
 * @param perAddress how many connections each client may have; null for as many as there is room for
 */
public record ListenerOptions(
        String name,
        String host,
        int port,
        Tls tls,
        boolean plainTextPasswords,
        int maxConnections,
        int instances,
        Duration handshakeTime,
        Duration closeTime,
        Duration graceTime,
        Duration spreadTime,
        Networks balancers,
        ConnectionsPerAddress perAddress) {
    public static final int DEFAULT_MAX_CONNECTIONS = 50_000;
    public static final Duration DEFAULT_HANDSHAKE_TIME = Duration.ofSeconds(20);
    public static final Duration DEFAULT_CLOSE_TIME = Duration.ofSeconds(10);
    public static final Duration DEFAULT_GRACE_TIME = Duration.ofSeconds(10);

    /** How TLS comes to a listener's connections. */
    public enum Tls {
        NONE,
        STARTTLS,
        IMPLICIT
    }

    public ListenerOptions {
        Objects.requireNonNull(name);
        Objects.requireNonNull(host);
        Objects.requireNonNull(tls);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("listener " + name + ": no such port: " + port);
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("listener " + name + ": maxConnections must be 1 or more");
        }
    }

    public static ListenerOptions of(String name, String host, int port, Tls tls) {
        return new ListenerOptions(
                name,
                host,
                port,
                tls,
                false,
                DEFAULT_MAX_CONNECTIONS,
                0,
                DEFAULT_HANDSHAKE_TIME,
                DEFAULT_CLOSE_TIME,
                DEFAULT_GRACE_TIME,
                Duration.ZERO,
                null,
                null);
    }

    /** On any free port of 127.0.0.1, passwords in plain text allowed. For tests. */
    public static ListenerOptions loopback(String name, Tls tls) {
        return of(name, "127.0.0.1", 0, tls).withPlainTextPasswords(true);
    }

    public ListenerOptions withPlainTextPasswords(boolean allowed) {
        return new ListenerOptions(
                name,
                host,
                port,
                tls,
                allowed,
                maxConnections,
                instances,
                handshakeTime,
                closeTime,
                graceTime,
                spreadTime,
                balancers,
                perAddress);
    }

    public ListenerOptions withMaxConnections(int bound) {
        return new ListenerOptions(
                name,
                host,
                port,
                tls,
                plainTextPasswords,
                bound,
                instances,
                handshakeTime,
                closeTime,
                graceTime,
                spreadTime,
                balancers,
                perAddress);
    }

    public ListenerOptions withInstances(int count) {
        return new ListenerOptions(
                name,
                host,
                port,
                tls,
                plainTextPasswords,
                maxConnections,
                count,
                handshakeTime,
                closeTime,
                graceTime,
                spreadTime,
                balancers,
                perAddress);
    }

    public ListenerOptions withTimes(Duration handshake, Duration close, Duration grace) {
        return new ListenerOptions(
                name,
                host,
                port,
                tls,
                plainTextPasswords,
                maxConnections,
                instances,
                handshake,
                close,
                grace,
                spreadTime,
                balancers,
                perAddress);
    }

    public ListenerOptions withSpread(Duration spread) {
        return new ListenerOptions(
                name,
                host,
                port,
                tls,
                plainTextPasswords,
                maxConnections,
                instances,
                handshakeTime,
                closeTime,
                graceTime,
                spread,
                balancers,
                perAddress);
    }

    /** The same at another port, for balancers only, with a PROXY header before all else. */
    public ListenerOptions behind(int proxyPort, Networks trusted) {
        return new ListenerOptions(
                name + "-proxy",
                host,
                proxyPort,
                tls,
                plainTextPasswords,
                maxConnections,
                instances,
                handshakeTime,
                closeTime,
                graceTime,
                spreadTime,
                Objects.requireNonNull(trusted),
                perAddress);
    }

    public ListenerOptions withPerAddress(ConnectionsPerAddress bound) {
        return new ListenerOptions(
                name,
                host,
                port,
                tls,
                plainTextPasswords,
                maxConnections,
                instances,
                handshakeTime,
                closeTime,
                graceTime,
                spreadTime,
                balancers,
                bound);
    }

    /** One per core unless said otherwise. */
    int instancesToRun() {
        return instances > 0 ? instances : Runtime.getRuntime().availableProcessors();
    }
}
