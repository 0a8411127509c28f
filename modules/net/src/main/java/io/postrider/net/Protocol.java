package io.postrider.net;

/** What a listener speaks. One instance serves all event loops, so it holds no connection's state. */
public interface Protocol {
    /** As in configuration, logs and metrics: imap, pop3, lmtp. */
    String name();

    /**
     * Takes charge of a connection, on its context; TLS is up already where it is implicit. Greets the client.
     *
     * @return what gets the octets from now on
     */
    ConnectionHandler accept(Connection connection);
}
