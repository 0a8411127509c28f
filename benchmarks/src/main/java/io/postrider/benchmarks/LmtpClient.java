package io.postrider.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Just enough LMTP to deliver with, pipelined as a good MTA does. RFC 2033, RFC 2920 */
final class LmtpClient implements AutoCloseable {
    private final LineClient client;

    LmtpClient(Target target) throws IOException {
        client = new LineClient(target.host(), target.lmtp());
        expect(client.line(), "220");
        client.send("LHLO bench.example.net");
        String line = client.line();
        while (line.startsWith("250-")) {
            line = client.line();
        }
        expect(line, "250");
    }

    /** @param stuffed the message with leading dots doubled, ended by CRLF */
    void deliver(List<String> recipients, byte[] stuffed) throws IOException {
        StringBuilder head = new StringBuilder("MAIL FROM:<sender@example.net>\r\n");
        recipients.forEach(recipient -> head.append("RCPT TO:<" + recipient + ">\r\n"));
        client.send(head.append("DATA\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        expect(client.line(), "250");
        for (int i = 0; i < recipients.size(); i++) {
            expect(client.line(), "250");
        }
        expect(client.line(), "354");
        client.send(stuffed);
        client.send(".");
        for (int i = 0; i < recipients.size(); i++) {
            expect(client.line(), "250");
        }
    }

    /** Doubles leading dots. RFC 5321 §4.5.2 */
    static byte[] stuff(byte[] message) {
        ByteArrayOutputStream stuffed = new ByteArrayOutputStream(message.length + 16);
        byte before = '\n';
        for (byte octet : message) {
            if (octet == '.' && before == '\n') {
                stuffed.write('.');
            }
            stuffed.write(octet);
            before = octet;
        }
        return stuffed.toByteArray();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private static void expect(String line, String code) throws IOException {
        if (!line.startsWith(code)) {
            throw new IOException("expected " + code + ", the server said " + line);
        }
    }
}
