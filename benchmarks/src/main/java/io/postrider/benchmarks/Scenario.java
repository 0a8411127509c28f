package io.postrider.benchmarks;

import java.io.IOException;

/** One kind of work that users and neighbouring servers give a server. */
interface Scenario {
    /** Whether the server has what it takes. */
    default boolean fits(Server server) {
        return server.target().imap() > 0;
    }

    /** Done once for each server, untimed. */
    default void prepare(Server server) throws Exception {}

    /** The same work before anything is measured: a JVM that has not seen it compiles it meanwhile. */
    default void warmUp(Server server, double seconds) throws Exception {
        run(server, new Load.Bounds(seconds, Long.MAX_VALUE));
    }

    Result run(Server server, Load.Bounds bounds) throws Exception;

    /** Of so many rounds that were asked for, those that this one takes part in: some take long and vary little. */
    default int rounds(int asked) {
        return asked;
    }

    /**
     * @param accounts bench1 to benchN
     * @param domain theirs
     * @param otherDomain of quiet1 to quiet4, who are another tenant
     * @param mailbox messages in the mailbox that is read
     * @param storm sessions that come back at once
     * @param idle connections in IDLE
     * @param large octets of the large message
     */
    record Settings(
            int accounts,
            String domain,
            String otherDomain,
            String password,
            int mailbox,
            int storm,
            int idle,
            int large) {

        String account(int index) {
            return "bench" + (1 + Math.floorMod(index, accounts)) + "@" + domain;
        }

        /** The account whose INBOX is filled for reading: no other scenario writes to it. */
        String reader() {
            return "reader@" + domain;
        }

        /** Whose mailboxes are very large. */
        String collector() {
            return "collector@" + domain;
        }

        String neighbour(int index) {
            return "quiet" + (1 + Math.floorMod(index, NEIGHBOURS)) + "@" + otherDomain;
        }
    }

    int NEIGHBOURS = 4;

    /** An IMAP session with INBOX selected. */
    abstract class Session implements Load.Worker {
        final ImapClient imap;

        Session(Target target, String account, String password) throws IOException {
            imap = new ImapClient(target).login(account, password);
            imap.command("SELECT INBOX");
        }

        @Override
        public void close() throws IOException {
            imap.close();
        }
    }
}
