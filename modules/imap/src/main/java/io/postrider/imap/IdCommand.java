package io.postrider.imap;

import io.vertx.core.Future;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ID: who the client says it is, for the log, and who we are. RFC 2971 */
record IdCommand(Map<String, String> fields) implements Command {
    /** Field-value pairs. RFC 2971 §3.3 */
    static final int MAX_FIELDS = 30;

    /** Octets of a field's name. RFC 2971 §3.3 */
    static final int MAX_NAME = 30;

    /** Octets of a value. RFC 2971 §3.3 */
    static final int MAX_VALUE = 1024;

    /** Characters that go to the log. */
    private static final int MAX_LOGGED = 300;

    private static final Logger LOG = LoggerFactory.getLogger(IdCommand.class);
    private static final String VERSION = IdCommand.class.getPackage().getImplementationVersion();

    static Command parse(CommandReader reader) {
        reader.space();
        Map<String, String> fields = new TreeMap<>();
        if (reader.takeWord("NIL")) {
            return new IdCommand(fields);
        }
        reader.expect('(');
        while (!reader.take(')')) {
            if (!fields.isEmpty()) {
                reader.space();
            }
            if (fields.size() == MAX_FIELDS) {
                throw reader.bad("at most " + MAX_FIELDS + " fields");
            }
            String name = reader.text();
            reader.space();
            String value = reader.nstring();
            if (name.length() > MAX_NAME || value != null && value.length() > MAX_VALUE) {
                throw reader.bad("shorter field");
            }
            if (fields.put(name, value == null ? "" : value) != null) {
                // RFC 2971 §3.3
                throw reader.bad("each field once");
            }
        }
        return new IdCommand(fields);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (!fields.isEmpty() && session.identifiesItself()) {
            session.connection().tell(LOG.atInfo()).log("client {}", printable(fields.toString()));
        }
        ResponseWriter response = session.response().raw("* ID (\"name\" \"Postrider\" \"version\" ");
        session.write(response.nstring(VERSION).raw(")").crlf());
        return Future.succeededFuture(Completion.of("ID completed"));
    }

    /** One line of the log stays one line. */
    private static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() > MAX_LOGGED ? line.substring(0, MAX_LOGGED) + "..." : line;
    }
}
