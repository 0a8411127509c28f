package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages as they should be. */
class MessageParserTest {
    private static final String PLAIN = """
            Date: Sat, 21 Nov 2026 10:00:00 +0100
            From: Ann <ann@example.com>
            To: bob@example.org
            Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
            Message-ID: <1@example.com>

            Hello Bob,
            good to hear from you.
            """.replace("\n", "\r\n");

    private static final String MIXED = """
            From: ann@example.com
            Subject: Re: [team] pictures
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="outer"

            preamble
            --outer
            Content-Type: multipart/alternative; boundary=inner

            --inner
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            caf=E9 a long l=
            ine
            --inner
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: base64

            PHA+Y2Fmw6kgPGI+Ym9sZDwvYj48L3A+
            --inner--
            --outer
            Content-Type: message/rfc822

            From: old@example.com
            Subject: Old news

            It was so.

            --outer
            Content-Type: image/png; name="a.png"
            Content-Disposition: attachment; filename="a.png"
            Content-Transfer-Encoding: base64

            iVBORw0KGgo=
            --outer--
            epilogue
            """.replace("\n", "\r\n");

    static String section(String message, ParsedMessage parsed, SectionText text, Integer... path) {
        return parsed.structure()
                .find(List.of(path), text)
                .map(range -> message.substring((int) range.offset(), (int) range.end()))
                .orElse(null);
    }

    @Test
    void aPlainMessage() {
        ParsedMessage parsed = Parsing.parseCutEverywhere(PLAIN, ParserLimits.DEFAULT);
        String header = PLAIN.substring(0, PLAIN.indexOf("Hello"));
        assertEquals(header, Parsing.text(parsed.header()));
        assertEquals(header, section(PLAIN, parsed, SectionText.HEADER));
        assertEquals("Hello Bob,\r\ngood to hear from you.\r\n", section(PLAIN, parsed, SectionText.ALL, 1));
        assertEquals(
                "(\"Sat, 21 Nov 2026 10:00:00 +0100\" \"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\""
                        + " ((\"Ann\" NIL \"ann\" \"example.com\")) ((\"Ann\" NIL \"ann\" \"example.com\"))"
                        + " ((\"Ann\" NIL \"ann\" \"example.com\")) ((NIL NIL \"bob\" \"example.org\"))"
                        + " NIL NIL NIL \"<1@example.com>\")",
                Parsing.text(parsed.envelope()));
        assertEquals(
                "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 36 2)", Parsing.text(parsed.body()));
        assertEquals(
                "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 36 2 NIL NIL NIL NIL)",
                Parsing.text(parsed.bodyStructure()));
        assertEquals(CaseFold.fold("grüße"), parsed.sortKeys().baseSubject());
        assertTrue(parsed.searchHeader().contains("subject: " + CaseFold.fold("Grüße") + "\n"));
        assertEquals("hello bob,\ngood to hear from you.\n\n", parsed.searchText());
        assertEquals("Hello Bob, good to hear from you.", parsed.preview());
        assertEquals("<1@example.com>", parsed.messageId());
    }

    @Test
    void aMessageOfManyParts() {
        ParsedMessage parsed = Parsing.parseCutEverywhere(MIXED, ParserLimits.DEFAULT);
        assertEquals("caf=E9 a long l=\r\nine", section(MIXED, parsed, SectionText.ALL, 1, 1));
        assertEquals("Content-Type: message/rfc822\r\n\r\n", section(MIXED, parsed, SectionText.MIME, 2));
        assertEquals(
                "From: old@example.com\r\nSubject: Old news\r\n\r\n", section(MIXED, parsed, SectionText.HEADER, 2));
        assertEquals("It was so.\r\n", section(MIXED, parsed, SectionText.TEXT, 2));
        assertEquals("It was so.\r\n", section(MIXED, parsed, SectionText.ALL, 2, 1));
        assertEquals("iVBORw0KGgo=", section(MIXED, parsed, SectionText.ALL, 3));
        assertEquals(
                "(((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"iso-8859-1\") NIL NIL \"QUOTED-PRINTABLE\" 21 1)"
                        + "(\"TEXT\" \"HTML\" (\"CHARSET\" \"utf-8\") NIL NIL \"BASE64\" 32 0) \"ALTERNATIVE\")"
                        + "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 56"
                        + " (NIL \"Old news\" ((NIL NIL \"old\" \"example.com\")) ((NIL NIL \"old\" \"example.com\"))"
                        + " ((NIL NIL \"old\" \"example.com\")) NIL NIL NIL NIL NIL)"
                        + " (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 12 1) 4)"
                        + "(\"IMAGE\" \"PNG\" (\"NAME\" \"a.png\") NIL NIL \"BASE64\" 12) \"MIXED\")",
                Parsing.text(parsed.body()));
        assertTrue(Parsing.text(parsed.bodyStructure())
                .endsWith("(\"IMAGE\" \"PNG\" (\"NAME\" \"a.png\") NIL NIL \"BASE64\" 12 NIL"
                        + " (\"ATTACHMENT\" (\"FILENAME\" \"a.png\")) NIL NIL)"
                        + " \"MIXED\" (\"BOUNDARY\" \"outer\") NIL NIL NIL)"));
        assertEquals("café a long line", parsed.preview());
        assertTrue(parsed.searchText().contains(CaseFold.fold("café a long line")));
        assertTrue(parsed.searchText().contains(CaseFold.fold("café bold")));
        assertTrue(parsed.searchText().contains("subject: old news\n"));
        assertTrue(parsed.searchText().contains("it was so."));
        assertFalse(parsed.searchText().contains("ivbor"));
        assertFalse(parsed.searchText().contains("preamble"));
        assertEquals("pictures", parsed.sortKeys().baseSubject());
        assertTrue(parsed.sortKeys().subjectIsReply());
    }

    @Test
    void theHeaderIsCompleteBeforeTheBodyComes() {
        MessageParser parser = new MessageParser(ParserLimits.DEFAULT);
        byte[] octets = Parsing.octets(PLAIN);
        int header = PLAIN.indexOf("Hello");
        parser.feed(octets, 0, header - 1);
        assertFalse(parser.headerComplete());
        parser.feed(octets, header - 1, 1);
        assertTrue(parser.headerComplete());
        parser.feed(octets, header, octets.length - header);
        assertArrayEquals(
                Parsing.octets(PLAIN.substring(0, header)), parser.finish().header());
    }
}
