package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every command's grammar: its bounds, cut at every octet, and with octets changed. */
class CommandGrammarTest {
    private static final List<String> COMMANDS = List.of(
            "CAPABILITY",
            "LOGOUT",
            "STARTTLS",
            "ID (\"name\" \"x\" \"version\" NIL)",
            "AUTHENTICATE PLAIN AGEAYg==",
            "LOGIN {5+}\r\nalice \"se\\\\cret\"",
            "ENABLE CONDSTORE X-A",
            "NAMESPACE",
            "CREATE a/b (USE (\\Sent))",
            "DELETE \"a b\"",
            "RENAME {1}\r\na b",
            "SUBSCRIBE a",
            "UNSUBSCRIBE a",
            "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (\"*\" a%) RETURN (CHILDREN STATUS (MESSAGES UNSEEN))",
            "LSUB \"\" %",
            "STATUS &Jjo- (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ SIZE DELETED)",
            "APPEND INBOX (\\Seen $x) \" 7-Feb-1994 21:52:25 -0800\" {5+}");

    @Test
    void eachIsReadWholeOrIsBad() {
        for (String command : COMMANDS) {
            assertTrue(isRead(command), command);
            for (int end = 0; end < command.length(); end++) {
                // Some commands are commands when cut short, too: all that matters is that nothing else is thrown.
                isRead(command.substring(0, end));
            }
            assertFalse(isRead(command + " )"), command);
        }
    }

    @Test
    void nonsenseIsBadOrRefusedAndNothingElse() {
        Random random = new Random(4);
        for (int round = 0; round < 50_000; round++) {
            byte[] octets = COMMANDS.get(random.nextInt(COMMANDS.size())).getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            isRead(new String(octets, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void anIdHasOnlySoManyFieldsAndLongOnes() {
        assertTrue(isRead(id(IdCommand.MAX_FIELDS)));
        assertFalse(isRead(id(IdCommand.MAX_FIELDS + 1)));
        assertTrue(isRead("ID (" + "n".repeat(IdCommand.MAX_NAME) + " \"" + "v".repeat(IdCommand.MAX_VALUE) + "\")"));
        assertFalse(isRead("ID (" + "n".repeat(IdCommand.MAX_NAME + 1) + " NIL)"));
        assertFalse(isRead("ID (n \"" + "v".repeat(IdCommand.MAX_VALUE + 1) + "\")"));
    }

    @Test
    void aListHasOnlySoManyPatterns() {
        String most = "LIST \"\" (" + "a ".repeat(ListCommand.MAX_PATTERNS - 1) + "a";
        assertTrue(isRead(most + ")"));
        assertFalse(isRead(most + " a)"));
    }

    @Test
    void onlyAppendsMessageStreams() {
        assertTrue(endsInMessage("a APPEND INBOX {3}"));
        assertTrue(endsInMessage("a append \"a b\" (\\Seen) {3+}"));
        assertTrue(endsInMessage("a APPEND {1+}\r\nx {3}"));
        assertTrue(endsInMessage("a APPEND INBOX nonsense {3}"));
        assertFalse(endsInMessage("a APPEND {3}"));
        assertFalse(endsInMessage("a APPENDX INBOX {3}"));
        assertFalse(endsInMessage("a LOGIN {3}"));
        assertTrue(endsInMessage("a REPLACE 4 INBOX {3}"));
        assertTrue(endsInMessage("a UID REPLACE * {1+}\r\nx {3}"));
        assertFalse(endsInMessage("a UID REPLACE 4 {3}"));
        assertFalse(endsInMessage("a UID APPEND INBOX {3}"));
        assertTrue(endsInMessage("a APPEND URL {3}"));
        assertTrue(endsInMessage("a APPEND x CATENATE (URL \"u\" TEXT {3}"));
        assertFalse(endsInMessage("a APPEND x CATENATE (URL {3}"));
        assertFalse(endsInMessage("a APPEND x CATENATE (URL \"u\" url {3}"));
        assertFalse(AppendGrammar.endsInMessage(" URL {3}".getBytes(StandardCharsets.US_ASCII), true));
        assertTrue(AppendGrammar.endsInMessage(" TEXT {3}".getBytes(StandardCharsets.US_ASCII), true));
        assertFalse(endsInMessage("{3}"));
    }

    @Test
    void passwordsStayOutOfLogs() {
        assertEquals("LoginCommand[alice]", parse("LOGIN alice secret").toString());
        assertEquals(
                "AuthenticateCommand[PLAIN]",
                parse("AUTHENTICATE plain c2VjcmV0").toString());
    }

    @Test
    void whatIsNotAskedForIsNotMade() {
        assertThrows(No.class, () -> parse("CREATE a (USE (\\All))"));
        assertThrows(No.class, () -> parse("CREATE a (USE (\\Sent \\Trash))"));
        assertThrows(No.class, () -> parse("CREATE a (USE (\\Nonsense))"));
    }

    private static String id(int fields) {
        StringBuilder id = new StringBuilder("ID (");
        for (int i = 0; i < fields; i++) {
            id.append(i == 0 ? "" : " ").append('n').append(i).append(" NIL");
        }
        return id.append(')').toString();
    }

    private static boolean endsInMessage(String octets) {
        return AppendGrammar.endsInMessage(octets.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    private static boolean isRead(String command) {
        try {
            parse(command);
            return true;
        } catch (BadSyntax | No e) {
            return false;
        }
    }

    private static Command parse(String command) {
        CommandReader reader = new CommandReader(command.getBytes(StandardCharsets.ISO_8859_1));
        CommandTable.Entry entry = CommandTable.find(reader.word());
        if (entry == null) {
            throw new BadSyntax("no such command");
        }
        Command parsed = entry.parser().parse(reader);
        reader.end();
        return parsed;
    }
}
