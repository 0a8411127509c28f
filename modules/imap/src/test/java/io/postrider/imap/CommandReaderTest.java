package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Flags;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CommandReaderTest {
    @Test
    void tagsOfEveryLegalForm() {
        for (String tag : List.of("a1", "1", "A001", "[x]", "]", ".", "a/b,c;d:e", "~tag!", "NIL", "&-", "=")) {
            assertEquals(tag, reader(tag + " NOOP").tag());
        }
        for (String none : List.of("+", "", " a", "(a)", "{3}", "%", "*", "\"a\"", "\\a", "\u00e4", "\0")) {
            assertThrows(BadSyntax.class, () -> reader(none + " NOOP").tag(), none);
        }
    }

    @Test
    void astrings() {
        assertEquals("abc]d", all("abc]d", CommandReader::astring));
        assertEquals("", all("\"\"", CommandReader::astring));
        assertEquals("a\"b\\c d", all("\"a\\\"b\\\\c d\"", CommandReader::astring));
        assertEquals("a\r\nb", all("{4}\r\na\r\nb", CommandReader::astring));
        assertEquals("ab", all("{2+}\nab", CommandReader::astring));
        for (String none :
                List.of("", " ", "(", "\"a", "\"a\\n\"", "\"a\r\"", "{3}\r\nab", "{1}\r\n\0", "{1} a", "a\u00e4")) {
            assertBad(none, CommandReader::astring);
        }
    }

    @Test
    void textIsUtf8() {
        assertEquals("caf\u00e9", all(raw("\"caf\u00e9\""), CommandReader::text));
        assertBad("\"caf\u00e9\"", CommandReader::text);
        assertNull(all("nil", CommandReader::nstring));
        assertEquals("NIL", all("\"NIL\"", CommandReader::nstring));
    }

    @Test
    void mailboxesAreModifiedUtf7AndInboxIsAlwaysSpelledSo() {
        assertEquals("INBOX", all("iNbOx", CommandReader::mailbox));
        assertEquals("INBOX", all("\"inbox\"", CommandReader::mailbox));
        assertEquals("INBOX/a", all("inbox/a", CommandReader::mailbox));
        assertEquals("inboxes", all("inboxes", CommandReader::mailbox));
        assertEquals("Entw\u00fcrfe", all("Entw&APw-rfe", CommandReader::mailbox));
        assertEquals("R&D", all("R&-D", CommandReader::mailbox));
        assertEquals(
                "~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e",
                all("~peter/mail/&U,BTFw-/&ZeVnLIqe-", CommandReader::mailbox));
        for (String none :
                List.of("R&D", "&Jjo", "&Jjo!-", "&AGE-", "&Jjo-&Jjo-", "&J-", "&2AA-", "&APx-", "\"\u00fc\"")) {
            assertBad(none, CommandReader::mailbox);
        }
    }

    @Test
    void patterns() {
        assertEquals("*", all("*", CommandReader::listMailbox));
        assertEquals("INBOX/%", all("INBOX/%", CommandReader::listMailbox));
        assertEquals("a b*", all("\"a b*\"", CommandReader::listMailbox));
        assertBad("(", CommandReader::listMailbox);
    }

    @Test
    void numbersAtTheirBounds() {
        assertEquals(4294967295L, all("4294967295", CommandReader::number));
        assertBad("4294967296", CommandReader::number);
        assertBad("99999999999999999999999", CommandReader::number);
        assertBad("-1", CommandReader::number);
        assertEquals(Long.MAX_VALUE, all("9223372036854775807", CommandReader::number64));
        assertBad("9223372036854775808", CommandReader::number64);
    }

    @Test
    void sequenceSets() {
        SequenceSet set = all("1,3:5,9:*,*:2,4294967295", CommandReader::sequenceSet);
        assertEquals(
                List.of(
                        new SequenceSet.Range(1, 1),
                        new SequenceSet.Range(3, 5),
                        new SequenceSet.Range(9, SequenceSet.STAR),
                        new SequenceSet.Range(SequenceSet.STAR, 2),
                        new SequenceSet.Range(SequenceSet.STAR, SequenceSet.STAR)),
                set.ranges());
        for (String none : List.of("", "0", "1,", "1:", ":1", "a", "1:0", "4294967296", "01")) {
            assertBad(none, CommandReader::sequenceSet);
        }
    }

    @Test
    void aSequenceSetHasOnlySoManyRanges() {
        String most = "1,".repeat(SequenceSet.MAX_RANGES - 1) + "1";
        assertEquals(
                SequenceSet.MAX_RANGES,
                all(most, CommandReader::sequenceSet).ranges().size());
        assertBad(most + ",1", CommandReader::sequenceSet);
    }

    @Test
    void flags() {
        assertEquals(
                new Flags(Flags.SEEN | Flags.DRAFT, List.of("$Forwarded", "x")),
                all("(\\Seen $Forwarded \\dRAFT x $forwarded)", CommandReader::flagList));
        assertEquals(Flags.NONE, all("()", CommandReader::flagList));
        assertEquals(new Flags(Flags.SEEN, List.of("a")), all("\\Seen a", CommandReader::storeFlags));
        for (String none : List.of("(\\Recent)", "(\\*)", "(\\Foo)", "(", "( )", "(a", "(a ]", "(\"a\")", "(\u00e4)")) {
            assertBad(none, CommandReader::flagList);
        }
        String most = "a ".repeat(CommandReader.MAX_FLAGS - 1) + "a";
        assertEquals(
                1, all("(" + most + ")", CommandReader::flagList).keywords().size());
        assertBad("(" + most + " a)", CommandReader::flagList);
    }

    @Test
    void datesAndTimes() {
        assertEquals(
                Instant.parse("1996-07-17T09:44:25Z"), all("\"17-Jul-1996 02:44:25 -0700\"", CommandReader::dateTime));
        assertEquals(
                Instant.parse("2026-02-01T00:00:59Z"), all("\" 1-feb-2026 05:30:60 +0530\"", CommandReader::dateTime));
        assertEquals(LocalDate.of(2024, 2, 29), all("29-Feb-2024", CommandReader::date));
        assertEquals(LocalDate.of(2026, 1, 1), all("\"1-Jan-2026\"", CommandReader::date));
        for (String none : List.of(
                "\"31-Feb-2026 00:00:00 +0000\"",
                "\"01-Feb-2026 24:00:00 +0000\"",
                "\"01-Feb-2026 00:00:61 +0000\"",
                "\"01-Feb-2026 00:00:00 +0060\"",
                "\"01-Feb-2026 00:00:00 0000\"",
                "\"01-Feb-26 00:00:00 +0000\"",
                "\"01-Foo-2026 00:00:00 +0000\"",
                "01-Feb-2026 00:00:00 +0000",
                "\"01-Feb-2026 00:00:00 +0000")) {
            assertBad(none, CommandReader::dateTime);
        }
        assertBad("\"1-Jan-2026", CommandReader::date);
        assertBad("0-Jan-2026", CommandReader::date);
    }

    @Test
    void wordsEndWhereTheyEnd() {
        CommandReader reader = reader("Header.Fields[x");
        assertFalse(reader.takeWord("HEADER"));
        assertTrue(reader.takeWord("header.fields"));
        assertEquals('[', reader.peek());
        assertEquals("BODY.PEEK", reader("body.peek[").word());
    }

    @Test
    void spacesAtTheEndAreForgiven() {
        CommandReader reader = reader("  ");
        reader.end();
        assertBad("x", r -> {
            r.end();
            return null;
        });
    }

    @Test
    void aLiteralToCome() {
        CommandReader reader = reader("x {12+}");
        reader.atom();
        reader.space();
        assertEquals(new Literal(2, 12, false, false), reader.literalToCome());
        assertTrue(reader.atEnd());
        assertEquals(new Literal(0, 3, true, true), reader("~{3}").literalToCome());
        assertBad("x{3}", CommandReader::literalToCome);
        assertBad("", CommandReader::literalToCome);
    }

    @Test
    void nonsenseIsBadSyntaxAndNothingElse() {
        List<Function<CommandReader, Object>> methods = List.of(
                CommandReader::tag,
                CommandReader::word,
                CommandReader::atom,
                CommandReader::astring,
                CommandReader::text,
                CommandReader::nstring,
                CommandReader::string,
                CommandReader::mailbox,
                CommandReader::listMailbox,
                CommandReader::number,
                CommandReader::number64,
                CommandReader::sequenceSet,
                CommandReader::flagList,
                CommandReader::storeFlags,
                CommandReader::dateTime,
                CommandReader::date,
                CommandReader::literalToCome);
        List<String> seeds = List.of(
                "\"a\\\"b\"",
                "{3}\r\nabc",
                "{2+}\nab",
                "1:*,3",
                "(\\Seen x)",
                "\"17-Jul-1996 02:44:25 -0700\"",
                "&U,BTFw-",
                "NIL");
        Random random = new Random(9051);
        for (int round = 0; round < 50_000; round++) {
            byte[] octets = seeds.get(random.nextInt(seeds.size())).getBytes(StandardCharsets.ISO_8859_1);
            for (int i = random.nextInt(4); i > 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(octets.length + 1);
            byte[] cut = java.util.Arrays.copyOf(octets, length);
            CommandReader reader = new CommandReader(cut);
            try {
                methods.get(random.nextInt(methods.size())).apply(reader);
            } catch (BadSyntax expected) {
                assertFalse(expected.getMessage().contains("\n"));
            }
            assertTrue(reader.position() <= length);
        }
    }

    @Test
    void stringsGiveTheirOctets() {
        assertArrayEquals(new byte[] {(byte) 0xE4}, all("{1}\r\n\u00e4", CommandReader::string));
        assertBad("atom", CommandReader::string);
    }

    private static CommandReader reader(String octets) {
        return new CommandReader(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The text's UTF-8 octets, a char each. */
    private static String raw(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static <T> T all(String octets, Function<CommandReader, T> method) {
        CommandReader reader = reader(octets);
        T read = method.apply(reader);
        assertTrue(reader.atEnd(), octets);
        return read;
    }

    /** BAD, or not all of it. */
    private static void assertBad(String octets, Function<CommandReader, ?> method) {
        assertThrows(
                BadSyntax.class,
                () -> {
                    CommandReader reader = reader(octets);
                    method.apply(reader);
                    reader.end();
                },
                octets);
    }
}
