package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Commands with octets changed, left out and doubled: each gets some answer, none is a bug of ours. */
class NonsenseTest {
    private static final int ROUNDS = 3000;
    private static final List<String> COMMANDS = List.of(
            "CAPABILITY",
            "ID (\"name\" \"x\" \"version\" NIL)",
            "ENABLE CONDSTORE",
            "NAMESPACE",
            "SELECT INBOX (CONDSTORE)",
            "EXAMINE \"inbox\"",
            "CREATE {3+}\r\na/b (USE (\\Sent))",
            "DELETE a/b",
            "RENAME a/b Entw&APw-rfe",
            "SUBSCRIBE \"a b\"",
            "LSUB \"\" \"%/*\"",
            "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (\"*\" \"a%\") RETURN (CHILDREN STATUS (MESSAGES UNSEEN))",
            "STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ SIZE)",
            "APPEND INBOX (\\Seen $x) \" 7-Feb-1994 21:52:25 -0800\" {5+}\r\nhello",
            "FETCH 1:* (UID FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (SUBJECT {2+}\r\nTo)]<0.10>)",
            "UID FETCH 1,3:*,2 (BODY[1.MIME] RFC822.SIZE MODSEQ) (CHANGEDSINCE 1)",
            "STORE 1 (UNCHANGEDSINCE 12) +FLAGS.SILENT (\\Seen $Forwarded)",
            "UID STORE 1:2 -FLAGS \\Deleted",
            "SEARCH CHARSET UTF-8 OR (SUBJECT \"x\" NOT 1:2) (SINCE 1-Jan-2020 UID 1:*) BODY {1+}\r\ny",
            "UID SEARCH RETURN (MIN MAX COUNT ALL) UNSEEN LARGER 3 MODSEQ 1",
            "COPY 1 Sent",
            "UID MOVE 1:* Trash",
            "UID EXPUNGE 1:3",
            "CHECK",
            "EXPUNGE");

    private static ImapServer server;

    @BeforeAll
    static void start() {
        server = ImapServer.start();
        server.createAccount("alice@example.com");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyCommandIsAnsweredAndNoneIsABugOfOurs() {
        Random random = new Random(20261121);
        TestClient client = null;
        for (int round = 0; round < ROUNDS; round++) {
            if (client == null) {
                client = server.login("alice@example.com");
                client.imap("SELECT INBOX");
            }
            String command = "a " + COMMANDS.get(random.nextInt(COMMANDS.size())) + "\r\n";
            String nonsense = changed(command, random);
            // The lines behind end what the nonsense may have begun: a literal that grew, IDLE.
            client.sendRaw(nonsense + "p " + "x".repeat(100) + "\r\nDONE\r\nz" + round + " NOOP\r\n");
            client = answered(client, round, nonsense) ? client : null;
        }
        if (client != null) {
            client.close();
        }
    }

    private static boolean answered(TestClient client, int round, String nonsense) {
        while (true) {
            String line = client.line();
            assertFalse(line.contains("SERVERBUG"), line + " to " + nonsense);
            if (line.startsWith("* BYE")) {
                assertTrue(client.expectClosed().indexOf("SERVERBUG") < 0);
                client.close();
                return false;
            }
            if (line.startsWith("+ ")) {
                // It asks for a literal that was not meant; how much that will swallow nobody knows. Start anew.
                client.close();
                return false;
            }
            if (line.startsWith("z" + round + " ")) {
                return true;
            }
        }
    }

    private static String changed(String command, Random random) {
        byte[] octets = command.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4); i > 0; i--) {
            // Digits stay: a literal that grows would wait for octets that never come.
            int at = 2 + random.nextInt(octets.length - 4);
            if (octets[at] < '0' || octets[at] > '9') {
                octets[at] = (byte) random.nextInt(256);
            }
        }
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        return switch (random.nextInt(4)) {
            case 0 -> {
                int at = 2 + random.nextInt(text.length() - 4);
                yield text.substring(0, at) + text.substring(Math.min(text.length() - 2, at + random.nextInt(5)));
            }
            case 1 -> {
                int at = 2 + random.nextInt(text.length() - 4);
                yield text.substring(0, at) + text.substring(at, Math.min(text.length(), at + 6)) + text.substring(at);
            }
            default -> text;
        };
    }
}
