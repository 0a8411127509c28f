package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class SortKeysTest {
    private static String base(String subject) {
        return BaseSubject.of(subject).text();
    }

    private static SortKeys keys(String header) {
        return Parsing.parse(header.replace("\n", "\r\n") + "\r\n\r\n").sortKeys();
    }

    /** RFC 5256 §2.1 and the grammar of §5, case by case. */
    @Test
    void theBaseSubject() {
        assertEquals("hello", base("hello"));
        assertEquals("hello", base("Re: hello"));
        assertEquals("hello", base("RE : hello"));
        assertEquals("hello", base("Re: Fwd: fw: rE:hello"));
        assertEquals("hello", base("Re[2]: hello"));
        assertEquals("hello", base("Re [x] : hello"));
        assertEquals("hello", base("[list] Re: hello"));
        assertEquals("hello", base("[a] [b] Re: [c] hello"));
        assertEquals("hello", base("hello (fwd)"));
        assertEquals("hello", base("hello (Fwd) (fwd)  "));
        assertEquals("hello", base("[Fwd: hello]"));
        assertEquals("hello", base("[fwd: Re: [x] hello (fwd)]"));
        assertEquals("hello", base("Re: [Fwd: [fwd: hello]]"));
        assertEquals("a b c", base("a\t b \t c"));
        assertEquals("[list]", base("[list]"), "a blob is the base where nothing else is");
        assertEquals("[b]", base("[a] [b]"));
        assertEquals("[x", base("Re: [x"));
        assertEquals("", base("Re:"));
        assertEquals("", base(""));
        assertEquals("", base("Re: (fwd)"));
        assertEquals("regarding: x", base("regarding: x"));
        assertEquals("Re", base("Re"));
        assertEquals("fwdx: y", base("fwdx: y"));
        assertEquals("[a[b] x", base("[a[b] x"));
    }

    @Test
    void onlyAReplyOrForwardMarkMakesAReply() {
        for (String reply : List.of("Re: x", "x (fwd)", "[fwd: x]", "[list] Fw: x")) {
            assertTrue(BaseSubject.of(reply).reply(), reply);
        }
        for (String none : List.of("x", "[list] x", " x ", "Re", "")) {
            assertFalse(BaseSubject.of(none).reply(), none);
        }
    }

    @Test
    void theSubjectIsDecodedAndFolded() {
        assertEquals("cafe\u0301", keys("Subject: =?utf-8?Q?Re:_CAF=C3=89?=").baseSubject());
    }

    @Test
    void mailboxesAndDisplayNames() {
        SortKeys keys = keys("From: =?utf-8?Q?Zo=C3=AB?= <Zoe@example.com>\nTo: Bob@Example.org, c@d\nCc: team: x@y;");
        assertEquals("zoe", keys.from());
        assertEquals("zoe\u0308", keys.fromDisplay());
        assertEquals("bob", keys.to());
        assertEquals("bob@example.org", keys.toDisplay());
        assertEquals("team", keys.cc());
        SortKeys none = keys("Subject: x");
        assertEquals("", none.from() + none.to() + none.cc() + none.fromDisplay() + none.toDisplay());
        assertEquals("root", keys("From: \"\" <root>").fromDisplay());
        assertEquals("team", keys("To: team: x@y;").toDisplay());
    }

    private static void date(String instant, String day, String field) {
        MessageDate date = MessageDate.parse(field);
        assertEquals(OffsetDateTime.parse(instant).toEpochSecond(), date.seconds(), field);
        assertEquals(LocalDate.parse(day).toEpochDay(), date.day(), field);
    }

    @Test
    void sentDates() {
        date("2001-01-01T00:01:33Z", "2000-12-31", "31 Dec 2000 16:01:33 -0800");
        date("2026-11-21T09:00:00Z", "2026-11-21", "Sat, 21 Nov 2026 10:00:00 +0100");
        date("2026-11-21T09:00:00Z", "2026-11-21", "Sat,21 NOVEMBER 2026 10:00 +0100 (CET (really))");
        date("1997-11-21T15:55:06Z", "1997-11-21", "21 Nov 97 09(comment):  55 : 06 -0600".replace(":  55 : ", ":55:"));
        date("2026-01-02T08:04:05Z", "2026-01-02", "2 Jan 26 03:04:05 EST");
        date("2001-01-02T03:04:05Z", "2001-01-02", "2 Jan 101 03:04:05 GMT");
        date("2026-01-02T03:04:05Z", "2026-01-02", "Fri Jan  2 03:04:05 2026");
        date("2026-01-02T03:04:05Z", "2026-01-02", "2-Jan-2026 03:04:05 +0000");
        date("2026-01-02T00:00:00Z", "2026-01-02", "2 Jan 2026");
        date("2026-01-02T00:00:00Z", "2026-01-02", "2 Jan 2026 25:00:00 +0000");
        date("2026-01-02T03:04:05Z", "2026-01-02", "2 Jan 2026 03:04:05 +99");
        date("2026-01-02T03:04:05Z", "2026-01-02", "2 Jan 2026 03:04:05 Narnia");
    }

    @Test
    void whatIsNoDate() {
        for (String field : List.of(
                "",
                "yesterday",
                "31 Feb 2026 00:00:00 +0000",
                "0 Jan 2026",
                "Jan 2026",
                "2 Jan",
                ":::",
                "- - -",
                "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 Jan 2026",
                "2 Jan 99999")) {
            assertNull(MessageDate.parse(field), field);
        }
        assertNull(MessageDate.parse(null));
    }

    private static ParsedMessage parse(String header) {
        return Parsing.parse(header + "\r\n\r\n");
    }

    @Test
    void messageIds() {
        assertEquals("<a@b>", parse("Message-ID: <a@b>").messageId());
        assertEquals("<a@b>", parse("Message-ID: junk < a @ b > more <c@d>").messageId());
        assertEquals("<a@b>", parse("Message-ID: <\"a\"@b>").messageId());
        assertEquals("bare@id", parse("Message-ID: bare@id").messageId());
        assertEquals("", parse("Message-ID: two words").messageId());
        assertEquals("", parse("Message-ID: <never closed").messageId());
        assertEquals("", parse("X: y").messageId());
        String longest = "<" + "x".repeat(ParserLimits.MESSAGE_ID_OCTETS - 2) + ">";
        assertEquals(longest, parse("Message-ID: " + longest).messageId());
        assertEquals("", parse("Message-ID: <x" + longest.substring(1)).messageId());
    }

    @Test
    void references() {
        assertEquals(
                List.of("<a@b>", "<c@d>"),
                parse("References: <a@b>\r\n\t<c@d> <a@b>").references());
        assertEquals(
                List.of("<a@b>"),
                parse("In-Reply-To: Your mail of today <a@b> <c@d>").references());
        assertEquals(
                List.of("<a@b>"),
                parse("References: none\r\nIn-Reply-To: <a@b>").references());
        assertEquals(List.of(), parse("In-Reply-To: Your mail of today").references());
    }

    @Test
    void ofManyReferencesTheRootAndTheNewestAreKept() {
        StringBuilder field = new StringBuilder("References:");
        for (int i = 0; i < ParserLimits.REFERENCES + 1; i++) {
            field.append("\r\n <").append(i).append("@x>");
        }
        List<String> kept = parse(field.toString()).references();
        assertEquals(ParserLimits.REFERENCES, kept.size());
        assertEquals("<0@x>", kept.get(0));
        assertEquals("<2@x>", kept.get(1));
        assertEquals("<" + ParserLimits.REFERENCES + "@x>", kept.get(kept.size() - 1));
    }
}
