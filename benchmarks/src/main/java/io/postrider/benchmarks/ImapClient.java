package io.postrider.benchmarks;

import java.io.ByteArrayOutputStream;
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
    private int exists;
    private final Map<String, Long> codes = new HashMap<>();

    ImapClient(Target target) throws IOException {
        this(new LineClient(target.host(), target.imap()));
    }

    static ImapClient tls(Target target) throws IOException {
        return new ImapClient(LineClient.tls(target.host(), target.imaps()));
    }

    private ImapClient(LineClient client) throws IOException {
        this.client = client;
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

    /** Appends with non-synchronising literals, several messages by one command. RFC 7888, RFC 3502 */
    void append(String mailbox, byte[]... messages) throws IOException {
        String mine = next();
        ByteArrayOutputStream all = new ByteArrayOutputStream(messages.length * (messages[0].length + 32) + 64);
        all.writeBytes(ascii(mine + " APPEND " + mailbox));
        for (byte[] message : messages) {
            all.writeBytes(ascii(" {" + message.length + "+}\r\n"));
            all.writeBytes(message);
        }
        all.writeBytes(ascii("\r\n"));
        client.send(all.toByteArray());
        readTo(mine, "APPEND");
    }

    /** Goes into IDLE. RFC 2177 */
    void idle() throws IOException {
        client.send(next() + " IDLE");
        String line = client.line();
        while (!line.startsWith("+")) {
            if (!line.startsWith("* ")) {
                throw new IOException("IDLE was answered " + line);
            }
            line = client.line();
        }
    }

    /** Ends IDLE and sends the next command at once, as phones do. */
    void done(String command) throws IOException {
        String idle = "a" + tag;
        String mine = next();
        client.send("DONE\r\n" + mine + " " + command);
        readTo(idle, "IDLE");
        readTo(mine, command);
    }

    /** The next line that comes by itself, in IDLE. */
    String line() throws IOException {
        return client.line();
    }

    /** Octets of literals in the last answer. */
    long octets() {
        return octets;
    }

    /** Untagged responses in the last answer. */
    int untagged() {
        return untagged;
    }

    /** How many messages the selected mailbox was last said to have. */
    int exists() {
        return exists;
    }

    /** The number of a response code that was last told, UIDVALIDITY for one. */
    long code(String name) {
        return codes.get(name);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
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
                note(line);
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

    private void note(String line) {
        if (line.startsWith("* OK [")) {
            Matcher code = CODE.matcher(line);
            if (code.find()) {
                codes.put(code.group(1), Long.valueOf(code.group(2)));
            }
        } else if (line.endsWith(" EXISTS")) {
            exists = Integer.parseInt(line.substring(2, line.length() - " EXISTS".length()));
        }
    }
}
