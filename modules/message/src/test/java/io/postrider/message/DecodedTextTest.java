package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is searched and what is shown first. */
class DecodedTextTest {
    private static ParsedMessage text(String type, byte[] body) {
        byte[] header = Parsing.octets("Content-Type: " + type + "\r\n\r\n");
        return Parsing.parseCutEverywhere(Parsing.text(header) + Parsing.text(body), ParserLimits.DEFAULT);
    }

    private static String html(String html) {
        return text("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8))
                .preview();
    }

    @Test
    void htmlIsReadAsText() {
        assertEquals("Hello world", html("<html><body><p>Hello <b>wor</b>ld</p></body></html>"));
        assertEquals("one two three", html("<div>one</div><div>two<br>three</div>"));
        assertEquals("kept", html("<style>p { color: red }</style>kept<script>if (a < b) '</p>'</script>"));
        assertEquals("a b", html("a <!-- no > -- text --> b"));
        assertEquals("a b", html("<!DOCTYPE html><?xml version='1.0'?>a<IMG alt=\"x > y\" src='>'>b"));
        assertEquals("1 < 2 & 3 > 2", html("1 < 2 & 3 > 2"));
        assertEquals("é € \" ' & < 😀 Ÿ;", html("&eacute; &euro; &quot; &#39; &amp; &#x3C; &#128512; &#376;;"));
        assertEquals("&unknown &; &#x; x", html("&unknown &; &#x; x").replace("\uFFFD", "&#x;"));
        assertEquals("no end", html("no end <a href=\"x"));
        assertEquals("<", html("<"));
        assertEquals("", html("<p"));
        assertEquals("copy©", html("copy&copy"));
        assertEquals("after", html("<script>never </styl></SCRIPT >after"));
    }

    @Test
    void charsetsAreDecodedHoweverTheyAreCut() {
        assertEquals(
                "grüße",
                text("text/plain; charset=utf-8", "grüße".getBytes(StandardCharsets.UTF_8))
                        .preview());
        assertEquals(
                "grüße",
                text("text/plain; charset=\"ISO-8859-1\"", "grüße".getBytes(StandardCharsets.ISO_8859_1))
                        .preview());
        for (String charset : new String[] {"koi8-r", "utf-16", "gb18030", "iso-2022-jp", "Shift_JIS", "big5"}) {
            String word = charset.equals("koi8-r") ? "привет" : "日本";
            assertEquals(
                    word,
                    text("text/plain; charset=" + charset, word.getBytes(Charset.forName(charset)))
                            .preview());
        }
    }

    @Test
    void unlabelledTextIsUtf8OrElseWindows1252() {
        for (String type : new String[] {
            "text/plain", "text/plain; charset=no-such", "text/plain; charset=us-ascii", "text/plain; charset=\"\""
        }) {
            assertEquals(
                    "grüße",
                    text(type, "grüße".getBytes(StandardCharsets.UTF_8)).preview());
            assertEquals(
                    "grüße €",
                    text(type, Parsing.octets("gr\u00fc\u00dfe \u0080")).preview());
        }
        assertEquals(
                "gr\ufffd\ufffde",
                text("text/plain; charset=utf-8", Parsing.octets("gr\u00fc\u00dfe"))
                        .preview());
    }

    @Test
    void plainTextIsShownBeforeHtmlAndAttachmentsNever() {
        String part = "--b\r\nContent-Type: text/%s\r\nContent-Disposition: %s\r\n\r\n%s\r\n";
        String start = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
        String attached = part.formatted("plain", "attachment", "attached");
        String rich = part.formatted("html", "inline", "<p>rich</p>");
        String blank = part.formatted("plain", "inline", "  \u00a0 ");
        String plain = part.formatted("plain", "inline", "plain");
        assertEquals(
                "plain", Parsing.parse(start + attached + rich + blank + plain).preview());
        ParsedMessage noPlain = Parsing.parse(start + attached + rich + blank);
        assertEquals("rich", noPlain.preview());
        assertTrue(noPlain.searchText().contains("attached"));
        assertEquals("", Parsing.parse(start + attached).preview());
        String within = "--b\r\nContent-Type: message/rfc822\r\n\r\n\r\nwithin\r\n";
        assertEquals("rich", Parsing.parse(start + within + rich).preview());
    }

    @Test
    void aPreviewHasTwoHundredCharactersHoweverWide() {
        for (String character : new String[] {"x", "é", "😀"}) {
            ParsedMessage parsed =
                    text("text/plain; charset=utf-8", character.repeat(201).getBytes(StandardCharsets.UTF_8));
            assertEquals(character.repeat(ParserLimits.PREVIEW_CHARACTERS), parsed.preview());
        }
    }

    @Test
    void whatFillsUpPreviewsIsLeftOut() {
        assertEquals("a b", html("a&#847;&zwnj;&#xfeff;\u00ad&nbsp;\r\n\t b"));
    }

    @Test
    void decodedLineBreaksMakeNoNewFields() {
        String search = Parsing.parse("Subject: =?utf-8?q?a=0D=0AX-Evil:_b?=\r\nTo:\tc\r\n\r\n")
                .searchHeader();
        assertEquals("subject: a  x-evil: b\nto: c\n", search);
    }

    @Test
    void binaryPartsAreNotSearched() {
        assertFalse(Parsing.parse("Content-Type: application/x\r\n\r\nsecret")
                .searchText()
                .contains("secret"));
    }
}
