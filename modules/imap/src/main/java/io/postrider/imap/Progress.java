package io.postrider.imap;

import io.postrider.net.Connection;
import java.util.function.BooleanSupplier;

/**
 * Tells a client now and then that its command still runs, so that it waits on. RFC 9585
 *
 * <p>Only as long as the command has written nothing: it might be in the middle of a response, and who gets responses knows
 * anyway.
 */
final class Progress {
    private final ImapSession session;
    private final BooleanSupplier waitsForClient;
    private byte[] command;
    private long written;

    /** @param waitsForClient whether it is the client that keeps the command from its end */
    Progress(ImapSession session, BooleanSupplier waitsForClient) {
        this.session = session;
        this.waitsForClient = waitsForClient;
    }

    void begin(byte[] octets) {
        if (session.account() != null) {
            command = octets;
            written = session.connection().tally().octetsSent();
            remind();
        }
    }

    void end() {
        command = null;
        session.connection().reminder().forget();
    }

    private void remind() {
        session.connection().reminder().set(session.limits().inProgress(), this::look);
    }

    private void look() {
        Connection connection = session.connection();
        if (command == null || connection.tally().octetsSent() != written) {
            return;
        }
        if (!waitsForClient.getAsBoolean()) {
            String tag = new CommandReader(command).tag();
            connection.write("* OK [INPROGRESS (\"" + tag + "\" NIL NIL)] Still at it\r\n");
            written = connection.tally().octetsSent();
        }
        remind();
    }
}
