package io.postrider.imap;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.net.Connection;
import io.postrider.net.ConnectionHandler;
import io.postrider.net.Protocol;
import io.postrider.net.sasl.Sasl;
import io.postrider.store.Store;
import java.util.function.Predicate;

/** IMAP4rev1 for a listener. RFC 3501 */
public final class ImapProtocol implements Protocol {
    private final Store store;
    private final Sasl sasl;
    private final ImapLimits limits;
    private final Predicate<String> ownNames;
    private final CommandRunner runner;

    /** @param ownNames whether a host by this name is this server */
    public ImapProtocol(Store store, Sasl sasl, ImapLimits limits, Predicate<String> ownNames, MeterRegistry metrics) {
        this.store = store;
        this.sasl = sasl;
        this.limits = limits;
        this.ownNames = ownNames;
        this.runner = new CommandRunner(metrics);
    }

    @Override
    public String name() {
        return "imap";
    }

    @Override
    public ConnectionHandler accept(Connection connection) {
        return new ImapConnection(connection, store, sasl, limits, ownNames, runner);
    }
}
