package io.postrider.pop3;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.net.CommandTimers;
import io.postrider.net.Connection;
import io.postrider.net.ConnectionHandler;
import io.postrider.net.Protocol;
import io.postrider.net.sasl.Sasl;
import io.postrider.store.Store;
import java.util.UUID;

/** Mail goes out by POP3. RFC 1939 */
public final class Pop3Protocol implements Protocol {
    private final Store store;
    private final Sasl sasl;
    private final Pop3Limits limits;
    private final CommandTable table = new CommandTable();
    private final CommandTimers timers;
    /** Connection ids are unique on a node only, and maildrops are locked for all nodes. */
    private final String node = UUID.randomUUID().toString();

    public Pop3Protocol(Store store, Sasl sasl, Pop3Limits limits, MeterRegistry meters) {
        this.store = store;
        this.sasl = sasl;
        this.limits = limits;
        this.timers = new CommandTimers(meters, name(), table.keywords());
    }

    @Override
    public String name() {
        return "pop3";
    }

    @Override
    public ConnectionHandler accept(Connection connection) {
        String holder = node + "/" + connection.id();
        return new Pop3Connection(connection, table, store, sasl, limits, timers, holder).greet();
    }
}
