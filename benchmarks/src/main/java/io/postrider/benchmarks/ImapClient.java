package io.postrider.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Just enough IMAP to load a server with: sends a command, counts what comes back, checks the tagged OK. */
final class ImapClient implements AutoCloseable {
    private static final Pattern CODE = Pattern.compile("^\\* OK \\[(\\w+) (\\d+)]");
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");

    private final LineClient client;
    private int tag;
    private long octets;
    private int untagged;
    private final Map<String, Long> codes = new HashMap<>();

    ImapClient(Target target) throws IOException {
        client = new LineClient(target.host(), target.imap());
        client.line();
    }

    ImapClient login(String name, String password) throws IOException {
        command("LOGIN " + name + " " + password);
        return this;
    }

    /** Sends the command and reads to its tagged reply. */
    void command(String command) throws IOException {
        String mine = next();
        client.send(mine + " " + command);
        readTo(mine, command);
    }

    /** Appends with one non-synchronising literal. RFC 7888 */
    void append(String mailbox, byte[] message) throws IOException {
        String mine = next();
        byte[] head =
                (mine + " APPEND " + mailbox + " {" + message.length + "+}\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + message.length + 2];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(message, 0, all, head.length, message.length);
        all[all.length - 2] = '\r';
        all[all.length - 1] = '\n';
        client.send(all);
        readTo(mine, "APPEND");
    }

    /** Octets of literals in the last answer. */
    long octets() {
        return octets;
    }

    /** Untagged responses in the last answer. */
    int untagged() {
        return untagged;
    }

    /** The number of a response code that was last told, UIDVALIDITY for one. */
    long code(String name) {
        return codes.get(name);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private String next() {
        return "a" + ++tag;
    }

    private void readTo(String mine, String command) throws IOException {
        octets = 0;
        untagged = 0;
        while (true) {
            String line = client.line();
            if (line.startsWith("* ")) {
                untagged++;
                Matcher code = CODE.matcher(line);
                if (code.find()) {
                    codes.put(code.group(1), Long.valueOf(code.group(2)));
                }
            }
            if (line.startsWith(mine + " ")) {
                if (!line.startsWith("OK", mine.length() + 1)) {
                    throw new IOException(command + " was answered " + line);
                }
                return;
            }
            Matcher literal = LITERAL.matcher(line);
            if (line.endsWith("}") && literal.find()) {
                long length = Long.parseLong(literal.group(1));
                client.skip(length);
                octets += length;
            }
        }
    }
}
