package io.postrider.benchmarks;

import java.io.IOException;

/** Just enough POP3 to fetch with. RFC 1939 */
final class Pop3Client implements AutoCloseable {
    private final LineClient client;
    private final int messages;

    Pop3Client(Target target, String name, String password) throws IOException {
        client = new LineClient(target.host(), target.pop3());
        ok(client.line());
        command("USER " + name);
        command("PASS " + password);
        messages = Integer.parseInt(command("STAT").split(" ")[1]);
    }

    int messages() {
        return messages;
    }

    /** Fetches one message, and gives its octets. */
    long retrieve(int number) throws IOException {
        command("RETR " + number);
        long octets = 0;
        for (String line = client.line(); !line.equals("."); line = client.line()) {
            octets += line.length() + 2;
        }
        return octets;
    }

    @Override
    public void close() throws IOException {
        client.send("QUIT");
        client.line();
        client.close();
    }

    private String command(String command) throws IOException {
        client.send(command);
        return ok(client.line());
    }

    private static String ok(String line) throws IOException {
        if (!line.startsWith("+OK")) {
            throw new IOException("the server said " + line);
        }
        return line;
    }
}
