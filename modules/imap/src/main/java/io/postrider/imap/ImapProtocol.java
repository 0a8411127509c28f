package io.postrider.imap;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.net.Connection;
import io.postrider.net.ConnectionHandler;
import io.postrider.net.Protocol;
import io.postrider.net.sasl.Sasl;
import io.postrider.store.Store;

/** IMAP4rev1 for a listener. RFC 3501 */
public final class ImapProtocol implements Protocol {
    private final Store store;
    private final Sasl sasl;
    private final ImapLimits limits;
    private final CommandRunner runner;

    public ImapProtocol(Store store, Sasl sasl, ImapLimits limits, MeterRegistry metrics) {
        this.store = store;
        this.sasl = sasl;
        this.limits = limits;
        this.runner = new CommandRunner(metrics);
    }

    @Override
    public String name() {
        return "imap";
    }

    @Override
    public ConnectionHandler accept(Connection connection) {
        return new ImapConnection(connection, store, sasl, limits, runner);
    }
}
