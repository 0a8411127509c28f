package io.postrider.imap;

import io.postrider.testkit.TestClient;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.SqlClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Messages for tests, and how they get into a mailbox. */
final class TestMail {
    static final String DATE = "\"17-Jul-1996 02:44:25 -0700\"";

    /** Text, and a message with text within. */
    static final String MULTIPART = lines(
            "From: Alice <alice@example.com>",
            "To: bob@example.com",
            "Subject: Quarterly report",
            "Date: Mon, 7 Feb 1994 21:52:25 -0800",
            "Message-ID: <m1@example.com>",
            "MIME-Version: 1.0",
            "Content-Type: multipart/mixed; boundary=\"b1\"",
            "",
            "preamble",
            "--b1",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "Hello Bob",
            "--b1",
            "Content-Type: message/rfc822",
            "",
            "Subject: inner",
            "From: carol@example.com",
            "",
            "inner text",
            "--b1--");

    /** One part of each encoding, and one of an encoding that nobody knows. */
    static final String ENCODINGS = TestMail.lines(
            "Subject: parts",
            "MIME-Version: 1.0",
            "Content-Type: multipart/mixed; boundary=b",
            "",
            "--b",
            "Content-Type: application/octet-stream",
            "Content-Transfer-Encoding: base64",
            "",
            "SGVs",
            "bG8A",
            "IQ==",
            "--b",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "caf=C3=A9 =",
            "au lait",
            "--b",
            "Content-Transfer-Encoding: x-uuencode",
            "",
            "#86)C",
            "--b",
            "Content-Type: message/rfc822",
            "",
            "Subject: inner",
            "Content-Transfer-Encoding: base64",
            "",
            "aW5uZXI=",
            "--b",
            "Content-Transfer-Encoding: base64",
            "",
            "",
            "--b--");

    /** As its author left it: a text and an attachment. */
    static final String DRAFT = lines(
            "Subject: draft",
            "Content-Type: multipart/mixed; boundary=b",
            "",
            "--b",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "Dear Bob",
            "--b",
            "Content-Type: application/x-zip-compressed",
            "",
            "PK",
            "--b--");

    private TestMail() {}

    /** A small message with a number in its subject, its Message-ID and its text. */
    static String numbered(int number) {
        return lines(
                "From: Alice <alice@example.com>",
                "To: bob@example.com",
                "Subject: Message " + number,
                "Date: Mon, 7 Feb 1994 21:52:25 -0800",
                "Message-ID: <" + number + "@example.com>",
                "",
                "text " + number);
    }

    static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    /** @param arguments flags and date, each with a space behind it, or "" */
    static void append(TestClient client, String mailbox, String arguments, String message) {
        int octets = message.getBytes(StandardCharsets.ISO_8859_1).length;
        client.send("append APPEND " + mailbox + " " + arguments + "{" + octets + "+}");
        client.sendRaw(message).sendRaw("\r\n");
        List<String> answer = client.linesUntil(line -> line.startsWith("append "));
        if (!answer.get(answer.size() - 1).startsWith("append OK")) {
            throw new AssertionError(answer.toString());
        }
    }

    /** Numbered messages, of which the first is \Seen and has $Forwarded. */
    static void fill(TestClient client, String mailbox, int count) {
        for (int i = 1; i <= count; i++) {
            append(client, mailbox, (i == 1 ? "(\\Seen $Forwarded) " : "") + DATE + " ", numbered(i));
        }
    }

    /** Does to the database what no client can. */
    static void sql(ImapServer server, String statement) {
        SqlClient database = PgBuilder.client()
                .connectingTo(PgConnectOptions.fromUri(server.database().url()))
                .using(server.vertx())
                .build();
        ImapServer.await(database.query(statement).execute());
        ImapServer.await(database.close());
    }

    /** Many small messages by one APPEND. RFC 3502 */
    static void fillAtOnce(TestClient client, String mailbox, int count) {
        String all = IntStream.rangeClosed(1, count)
                .mapToObj(TestMail::numbered)
                .map(message -> "{" + message.length() + "+}\r\n" + message)
                .collect(Collectors.joining(" "));
        client.sendRaw("append APPEND " + mailbox + " " + all + "\r\n");
        List<String> answer = client.linesUntil(line -> line.startsWith("append "));
        if (!answer.get(answer.size() - 1).startsWith("append OK")) {
            throw new AssertionError(answer.toString());
        }
    }
}
