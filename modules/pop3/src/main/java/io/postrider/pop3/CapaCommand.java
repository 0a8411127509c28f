package io.postrider.pop3;

import io.vertx.core.Future;
import java.util.List;

/** CAPA: what this server can, on this connection as it is now. RFC 2449 §5 */
record CapaCommand() implements Command {
    static CapaCommand parse(String arguments) {
        CommandTable.requireNone(arguments);
        return new CapaCommand();
    }

    @Override
    public Future<Void> run(Pop3Connection session) {
        StringBuilder lines = new StringBuilder("TOP\r\nUIDL\r\n");
        if (session.connection().passwordsAllowed()) {
            lines.append("USER\r\n");
        }
        // Those that work on this connection as it is: RFC 5802, RFC 7677, RFC 7628 among them.
        List<String> mechanisms = session.sasl().mechanisms(session.connection());
        if (!mechanisms.isEmpty()) {
            lines.append("SASL ").append(String.join(" ", mechanisms)).append("\r\n"); // RFC 5034 §3
        }
        if (session.mayStartTls()) {
            lines.append("STLS\r\n"); // RFC 2595 §4
        }
        lines.append("PIPELINING\r\nRESP-CODES\r\n");
        lines.append("AUTH-RESP-CODE\r\n"); // RFC 3206 §5
        lines.append("EXPIRE NEVER\r\nLOGIN-DELAY 0\r\nIMPLEMENTATION Postrider\r\n.\r\n");
        session.ok("Capability list follows");
        session.write(lines.toString());
        return Future.succeededFuture();
    }
}
