package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.message.Part.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages made to hurt, each at or beyond a bound. */
class HostileMessageTest {
    /** Generous for a busy machine; what is quadratic takes minutes. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private static ParsedMessage parse(String message) {
        return parse(message, ParserLimits.DEFAULT);
    }

    private static ParsedMessage parse(String message, ParserLimits limits) {
        byte[] octets = Parsing.octets(message);
        ParsedMessage parsed = assertTimeout(SOON, () -> Parsing.parse(octets, limits));
        Invariants.check(octets, parsed, limits);
        return parsed;
    }

    private static int count(Part part) {
        return 1 + part.children().stream().mapToInt(HostileMessageTest::count).sum();
    }

    private static int depth(Part part) {
        return part.children().stream()
                .mapToInt(child -> 1 + depth(child))
                .max()
                .orElse(0);
    }

    @Test
    void anEmptyMessageIsOne() {
        ParsedMessage parsed = parse("");
        assertEquals("(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)", Parsing.text(parsed.envelope()));
        assertEquals(
                "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 0 0)", Parsing.text(parsed.body()));
        assertEquals("", parsed.preview());
        assertEquals(SortKeys.NO_DATE, parsed.sortKeys().sentSeconds());
        assertEquals(SortKeys.NO_DATE, parsed.sortKeys().sentDate());
    }

    @Test
    void aMessageIsHeaderUntilItsEmptyLine() {
        assertEquals(8, parse("To: x\r\nz").header().length);
        assertEquals(2, parse("\r\nTo: x").header().length);
        assertEquals(1, parse("\nTo: x").header().length);
        assertEquals("To: x\n\n", Parsing.text(parse("To: x\n\nbody").header()));
        assertEquals(20, parse("To: x\rFrom: y\r\rbody\n").header().length, "a bare CR ends no line");
    }

    @Test
    void multipartsNestOnlyToTheLimit() {
        String open = "Content-Type: multipart/mixed; boundary=b%1$d\r\n\r\n--b%1$d\r\n";
        StringBuilder message = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            message.append(open.formatted(i));
        }
        Part root = parse(message.toString()).structure().root();
        assertEquals(ParserLimits.DEFAULT.depth(), depth(root));
        assertEquals(ParserLimits.DEFAULT.depth() + 1, count(root));
    }

    @Test
    void anEndlessChainOfMessagesEndsAtTheLimit() {
        ParsedMessage parsed = parse("Content-Type: message/rfc822\r\n\r\n".repeat(1000));
        assertEquals(ParserLimits.DEFAULT.depth(), depth(parsed.structure().root()));
        assertTrue(Parsing.text(parsed.body()).contains("\"APPLICATION\" \"OCTET-STREAM\""));
    }

    @Test
    void aBoundaryUsedAgainWithinItselfBelongsToTheInnermost() {
        String again = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n";
        assertEquals(
                ParserLimits.DEFAULT.depth(),
                depth(parse(again.repeat(5000)).structure().root()));
    }

    @Test
    void partsBeyondTheLimitBelongToTheLast() {
        String message =
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(100_000) + "--b--\r\n";
        ParsedMessage parsed = parse(message);
        List<Part> parts = parsed.structure().root().children();
        assertEquals(ParserLimits.DEFAULT.parts(), 1 + parts.size());
        Part last = parts.get(parts.size() - 1);
        assertEquals(
                message.length() - "\r\n--b--\r\n".length(),
                parsed.header().length + last.bodyOffset() + last.bodyLength());

        ParserLimits three = new ParserLimits(1000, 1000, 3, 10, 1000);
        assertEquals(
                2,
                parse("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(2), three)
                        .structure()
                        .root()
                        .children()
                        .size());
        assertEquals(
                2,
                parse("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(3), three)
                        .structure()
                        .root()
                        .children()
                        .size());
    }

    @Test
    void aHeaderBeyondTheLimitIsCutBehindALine() {
        ParserLimits limits = new ParserLimits(20, 20, 10, 10, 1000);
        assertEquals(
                "A: 1\r\nB: 2345\r\n",
                Parsing.text(
                        parse("A: 1\r\nB: 2345\r\nC: 67890\r\n\r\nbody", limits).header()));
        assertEquals(
                "A: 345678901234567\r\n",
                Parsing.text(parse("A: 345678901234567\r\nB: 1\r\n\r\n", limits).header()));
        assertEquals(
                "A: 3456789012345\r\n\r\n",
                Parsing.text(parse("A: 3456789012345\r\n\r\nbody", limits).header()));
        assertEquals(
                "A: 34567890123456789",
                Parsing.text(
                        parse("A: 34567890123456789012\r\n\r\nbody", limits).header()));
    }

    @Test
    void aCutHeaderIsCutTheSameHoweverItComes() {
        String message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nA: 12345678901234567890\r\n--b\r\n"
                + "A: 123\r\n--b and more and more and more\r\n--b\r\n\r\nx\r\n--b--";
        for (int limit = 1; limit < 60; limit++) {
            ParserLimits limits = new ParserLimits(limit, 1 + limit / 2, 10, 10, 1000);
            ParsedMessage parsed = Parsing.parseCutEverywhere(message, limits);
            Invariants.check(Parsing.octets(message), parsed, limits);
        }
    }

    @Test
    void noOctetIsLostWhereAPartsHeaderIsCutInFrontOfTheLastLine() {
        String head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
        String field = "X: " + "y".repeat(ParserLimits.DEFAULT.partHeaderOctets() - 10) + "\r\n";
        for (String last : List.of("--x", "--x--xxxxxxxxx", "--b--", "--b", "--")) {
            String message = head + field + last;
            assertEquals(message.length(), parse(message).structure().size(), last);
        }
    }

    @Test
    void aMegabyteOfSubjectIsCut() {
        ParsedMessage parsed = parse("Subject: " + "x".repeat(1_000_000) + "\r\n\r\n");
        assertTrue(
                Parsing.text(parsed.envelope()).contains(" \"" + "x".repeat(ParserLimits.STRING_CHARACTERS) + "\" "));
        assertEquals(
                ParserLimits.SORT_KEY_CHARACTERS,
                parsed.sortKeys().baseSubject().length());
    }

    @Test
    void aStringOfExactlyTheLimitIsWhole() {
        String subject = "y".repeat(ParserLimits.STRING_CHARACTERS - 1) + "z";
        assertTrue(Parsing.text(parse("Subject: " + subject + "\r\n\r\n").envelope())
                .contains(subject));
        assertFalse(Parsing.text(parse("Subject: a" + subject + "\r\n\r\n").envelope())
                .contains("z"));
    }

    @Test
    void aThousandAddressesAreToldOf() {
        for (int addresses : new int[] {999, 1000, 1001, 100_000}) {
            ParsedMessage parsed = parse("To: " + "a@b.c,".repeat(addresses) + "\r\n\r\n");
            int told = Parsing.text(parsed.envelope()).split("\\(NIL NIL \"a\" \"b.c\"\\)", -1).length - 1;
            assertEquals(Math.min(ParserLimits.ADDRESSES, addresses), told);
        }
        ParsedMessage inManyFields = parse("To: a@b.c\r\n".repeat(90_000) + "\r\n");
        assertEquals(1000, Parsing.text(inManyFields.envelope()).split("\\(NIL NIL \"a\" \"b.c\"\\)", -1).length - 1);
    }

    @Test
    void headersOfNothingButStructureTakeNoTimeToSpeakOf() {
        for (String piece : List.of(
                "(",
                "\"",
                "<",
                "=?",
                "=?utf-8?q?",
                "=?x?b?=?=",
                "[",
                "\\",
                ":",
                "@",
                "a:",
                ";",
                ",",
                "<@",
                "\u00ff ",
                "[] ",
                "Re: ")) {
            String value = piece.repeat(1_000_000 / piece.length());
            for (String name : List.of("To", "Subject", "Content-Type", "References", "Date", "Content-Disposition")) {
                parse(name + ": " + value + "\r\n\r\n");
            }
        }
    }

    @Test
    void aHundredThousandFields() {
        ParsedMessage parsed = parse("X-A: b\r\n".repeat(100_000) + "\r\nbody");
        assertEquals(100_000 * 8 + 2, parsed.header().length);
        assertTrue(parsed.searchHeader().startsWith("x-a: b\nx-a: b\n"));
    }

    @Test
    void manyUnknownCharsetsCostNoMoreThanOne() {
        StringBuilder subject = new StringBuilder("Subject:");
        for (int i = 0; subject.length() < 1_000_000; i++) {
            subject.append(" =?unknown-").append(i).append("?Q?=E9?=");
        }
        assertTrue(parse(subject + "\r\n\r\n").searchHeader().startsWith("subject: " + CaseFold.fold("éé")));
    }

    @Test
    void descriptionsBeyondTheirBoundAreBare() {
        String part = "--b\r\nContent-Type: image/png; name=\"" + "n".repeat(4000) + "\"\r\n\r\nx\r\n";
        ParsedMessage parsed = parse("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(2000));
        assertEquals(2001, count(parsed.structure().root()));
        assertTrue(parsed.bodyStructure().length < ParserLimits.DESCRIPTION_OCTETS + 2000 * 100);
        String structure = Parsing.text(parsed.bodyStructure());
        assertTrue(structure.startsWith("((\"IMAGE\" \"PNG\" (\"NAME\" \"nnn"));
        assertTrue(structure.contains("(\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 1 NIL NIL NIL NIL)"));

        String message = "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: " + "s".repeat(4000) + "\r\n\r\nx\r\n";
        ParsedMessage messages = parse("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + message.repeat(2000));
        assertTrue(messages.bodyStructure().length < ParserLimits.DESCRIPTION_OCTETS + 2000 * 300);
    }

    @Test
    void whatDescriptionsLeaveOutIsNotKept() {
        MessageParser parser = new MessageParser(ParserLimits.DEFAULT);
        byte[] start = Parsing.octets("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
        parser.feed(start, 0, start.length);
        byte[] part = Parsing.octets("--b\r\nContent-Type: image/png; name=" + "n".repeat(60_000) + "\r\n\r\n");
        long before = heap();
        for (int i = 0; i < 3000; i++) {
            parser.feed(part, 0, part.length);
        }
        assertTrue(heap() - before < 20 << 20, "180 MB of parameters went by");
        assertEquals(3000, parser.finish().structure().root().children().size());
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void parametersBeyondTheirBoundAreLeftOut() {
        ParsedMessage parsed = parse("Content-Type: text/x" + ";a=b".repeat(ParserLimits.PARAMETERS + 1) + "\r\n\r\n");
        assertEquals(ParserLimits.PARAMETERS, Parsing.text(parsed.body()).split("\"A\" \"b\"", -1).length - 1);
    }

    @Test
    void aMediaTypeThatIsTooLongIsNone() {
        String longest = "x".repeat(ParserLimits.MEDIA_TYPE_OCTETS);
        assertTrue(Parsing.text(
                        parse("Content-Type: image/" + longest + "\r\n\r\n").body())
                .startsWith("(\"IMAGE\""));
        assertTrue(Parsing.text(
                        parse("Content-Type: image/x" + longest + "\r\n\r\n").body())
                .startsWith("(\"TEXT\""));
    }

    @Test
    void aBoundaryIsUsedUpToItsLength() {
        for (int length : new int[] {1, 70, ParserLimits.BOUNDARY_OCTETS, ParserLimits.BOUNDARY_OCTETS + 1}) {
            String boundary = "b".repeat(length);
            String message = "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary
                    + "\r\n\r\nx\r\n--" + boundary + "--\r\n";
            Kind expected = length > ParserLimits.BOUNDARY_OCTETS ? Kind.LEAF : Kind.MULTIPART;
            assertEquals(expected, parse(message).structure().root().kind());
        }
    }

    @Test
    void searchTextEndsAtItsLimitAndThePreviewDoesNotMind() {
        ParserLimits limits = new ParserLimits(1000, 1000, 10, 10, 100);
        ParsedMessage parsed = parse("\r\n" + "word ".repeat(1000), limits);
        assertEquals(100, parsed.searchText().length());
        assertEquals(199, parsed.preview().length(), "199 and a space that is not shown");
        String growsByFolding = Parsing.text("\uFDFA".repeat(50).getBytes(StandardCharsets.UTF_8));
        assertEquals(100, parse("\r\n" + growsByFolding, limits).searchText().length());
    }

    @Test
    void whereManyMessagesGatherTextEachIsTakenAndTheLastAreFoundByLessOfIt() {
        int limit = ParserLimits.DEFAULT.searchTextCharacters();
        byte[] message = Parsing.octets("Subject: x\r\n\r\n" + "word\r\n".repeat(limit / 4));
        TextRoom room = new TextRoom(limit);
        MessageParser first = new MessageParser(ParserLimits.DEFAULT, room);
        first.feed(message, 0, message.length);
        assertEquals(TextRoom.FREE_CHARACTERS, room.left());
        MessageParser second = new MessageParser(ParserLimits.DEFAULT, room);
        second.feed(message, 0, message.length);
        assertEquals(0, room.left());
        assertEquals(2 * TextRoom.FREE_CHARACTERS, second.finish().searchText().length());
        assertEquals(limit, first.finish().searchText().length());
        assertEquals(limit, room.left(), "all is given back");

        MessageParser abandoned = new MessageParser(ParserLimits.DEFAULT, room);
        abandoned.feed(message, 0, message.length);
        abandoned.abandon();
        assertEquals(limit, room.left());
    }

    @Test
    void fiftyMegabytesOfOneLineNeedNoMemory() {
        MessageParser parser = new MessageParser(ParserLimits.DEFAULT);
        byte[] start = Parsing.octets("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n-");
        parser.feed(start, 0, start.length);
        byte[] octets = new byte[1 << 20];
        Arrays.fill(octets, (byte) '-');
        assertTimeout(SOON, () -> {
            for (int i = 0; i < 50; i++) {
                parser.feed(octets, 0, octets.length);
            }
        });
        assertEquals(
                start.length + 50L * octets.length, parser.finish().structure().size());
    }

    @Test
    void linesOfHyphensUnderManyBoundariesStayQuick() {
        StringBuilder message = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            message.append("Content-Type: multipart/mixed; boundary=" + "-".repeat(70) + i + "\r\n\r\n--"
                    + "-".repeat(70) + i + "\r\n");
        }
        message.append("\r\n").append(("-".repeat(72) + "\r\n").repeat(100_000));
        parse(message.toString());
    }
}
