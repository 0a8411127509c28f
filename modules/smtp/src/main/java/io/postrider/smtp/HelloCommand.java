package io.postrider.smtp;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** LHLO: opens the session and lists what it offers. Said again, it resets. RFC 2033 §4.1, RFC 5321 §4.1.1.1 */
record HelloCommand(String name) implements Command {
    static HelloCommand parse(String arguments) {
        if (!PathReader.isHostName(arguments)) {
            throw new Rejected(501, "5.5.4", "Domain or address literal expected");
        }
        return new HelloCommand(arguments);
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        session.hello(name);
        List<String> lines = new ArrayList<>(List.of(
                session.hostname(),
                "PIPELINING", // RFC 2920
                "SIZE " + session.limits().messageOctets(), // RFC 1870
                "8BITMIME", // RFC 6152
                "SMTPUTF8", // RFC 6531
                "ENHANCEDSTATUSCODES", // RFC 2034
                "CHUNKING")); // RFC 3030
        if (session.connection().startTlsOffered()) {
            lines.add("STARTTLS"); // RFC 3207
        }
        return session.reply(new Reply(250, "", lines));
    }
}
