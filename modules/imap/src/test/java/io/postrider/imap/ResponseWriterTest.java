package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postrider.store.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseWriterTest {
    @Test
    void stringsAreQuotedWhereTheyMayBe() {
        assertEquals("\"a \\\"b\\\\\"", written(w -> w.string("a \"b\\")));
        assertEquals("{3}\r\na\r\n", written(w -> w.string("a\r\n")));
        assertEquals("{2}\r\n\u00c3\u00a4", written(w -> w.string("\u00e4")));
        assertEquals("NIL \"\"", written(w -> w.nstring(null).raw(" ").nstring("")));
    }

    @Test
    void mailboxesAreEncoded() {
        assertEquals("INBOX", written(w -> w.mailbox("INBOX")));
        assertEquals("\"a b\"", written(w -> w.mailbox("a b")));
        assertEquals("Entw&APw-rfe", written(w -> w.mailbox("Entw\u00fcrfe")));
        assertEquals("\"nil\"", written(w -> w.mailbox("nil")));
        assertEquals("\"%\"", written(w -> w.mailbox("%")));
    }

    @Test
    void flagsNumbersAndDates() {
        assertEquals("()", written(w -> w.flags(Flags.NONE, false)));
        assertEquals(
                "(\\Deleted \\Seen \\Recent $x y)",
                written(w -> w.flags(new Flags(Flags.SEEN | Flags.DELETED, List.of("$x", "y")), true)));
        assertEquals(
                "0 10 9223372036854775807",
                written(w -> w.number(0).raw(" ").number(10).raw(" ").number(Long.MAX_VALUE)));
        assertThrows(IllegalArgumentException.class, () -> written(w -> w.number(-1)));
        assertEquals("\" 1-Feb-2026 03:04:05 +0000\"", written(w -> w.dateTime(Instant.parse("2026-02-01T03:04:05Z"))));
    }

    private static String written(java.util.function.Consumer<ResponseWriter> writing) {
        ResponseWriter writer = new ResponseWriter();
        writing.accept(writer);
        int length = writer.length();
        String text = writer.take().toString(StandardCharsets.ISO_8859_1);
        assertEquals(text.length(), length);
        assertEquals(0, writer.length());
        return text;
    }
}
