package io.postrider.smtp;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.net.CommandTimers;
import io.postrider.net.Connection;
import io.postrider.net.ConnectionHandler;
import io.postrider.net.Protocol;
import io.postrider.store.Store;

/** Mail comes in by LMTP, from a mail transfer agent that keeps the queue. RFC 2033 */
public final class LmtpProtocol implements Protocol {
    private final Store store;
    private final LmtpLimits limits;
    private final String hostname;
    private final CommandTable table = new CommandTable(Dialect.LMTP);
    private final CommandTimers timers;

    /** @param hostname what it calls itself, in the greeting and in Received */
    public LmtpProtocol(Store store, LmtpLimits limits, String hostname, MeterRegistry meters) {
        if (!PathReader.isHostName(hostname)) {
            throw new IllegalArgumentException("not a host name: " + hostname);
        }
        this.store = store;
        this.limits = limits;
        this.hostname = hostname;
        this.timers = new CommandTimers(meters, name(), table.verbs());
    }

    @Override
    public String name() {
        return "lmtp";
    }

    @Override
    public ConnectionHandler accept(Connection connection) {
        return new SmtpConnection(connection, Dialect.LMTP, table, store, limits, hostname, timers).greet();
    }
}
