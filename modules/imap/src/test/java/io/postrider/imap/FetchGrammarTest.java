package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.imap.FetchItem.Attribute;
import io.postrider.imap.FetchItem.Section;
import io.postrider.message.SectionText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FetchGrammarTest {
    @Test
    void itemsKeepTheOrderAskedFor() {
        assertEquals(
                List.of(Attribute.INTERNALDATE, Attribute.UID, Attribute.SIZE, Attribute.FLAGS),
                parse(" 1:* (INTERNALDATE UID RFC822.SIZE flags)").items());
    }

    @Test
    void macrosStandForTheirItems() {
        assertEquals(
                List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.SIZE),
                parse(" 1 fast").items());
        assertEquals(
                List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.SIZE, Attribute.ENVELOPE),
                parse(" 1 ALL").items());
        assertEquals(Attribute.BODY, parse(" 1 FULL").items().get(4));
    }

    @Test
    void uidFetchTellsTheUidFirstUnlessItIsAskedForElsewhere() {
        assertEquals(
                List.of(Attribute.UID, Attribute.FLAGS), parseUid(" 1 FLAGS").itemsTold(false));
        assertEquals(
                List.of(Attribute.FLAGS, Attribute.UID),
                parseUid(" 1 (FLAGS UID)").itemsTold(false));
        assertEquals(List.of(Attribute.FLAGS), parseUid(" 1 FLAGS").itemsTold(true));
        assertEquals(List.of(Attribute.FLAGS), parse(" 1 FLAGS").itemsTold(false));
    }

    @Test
    void sections() {
        assertSection("BODY[]", "BODY[]", List.of(), SectionText.ALL, true);
        assertSection("BODY.PEEK[]", "BODY[]", List.of(), SectionText.ALL, false);
        assertSection("body[1.2.text]", "BODY[1.2.TEXT]", List.of(1, 2), SectionText.TEXT, true);
        assertSection("BODY.PEEK[3.MIME]", "BODY[3.MIME]", List.of(3), SectionText.MIME, false);
        assertSection("BODY[10]", "BODY[10]", List.of(10), SectionText.ALL, true);
        assertSection("BODY[HEADER]", "BODY[HEADER]", List.of(), SectionText.HEADER, true);
        assertSection("RFC822", "RFC822", List.of(), SectionText.ALL, true);
        assertSection("RFC822.HEADER", "RFC822.HEADER", List.of(), SectionText.HEADER, false);
        assertSection("RFC822.TEXT", "RFC822.TEXT", List.of(), SectionText.TEXT, true);
    }

    @Test
    void headerFieldsAreEchoedAsAsked() {
        Section section = section("BODY.PEEK[HEADER.FIELDS (Date \"X-Odd (one)\" subject)]");
        assertEquals("BODY[HEADER.FIELDS (Date \"X-Odd (one)\" subject)]", section.label());
        assertEquals(List.of("Date", "X-Odd (one)", "subject"), section.fields().names());
        assertFalse(section.fields().not());
        assertTrue(section("BODY[2.HEADER.FIELDS.NOT (To)]").fields().not());
        assertEquals(List.of(2), section("BODY[2.HEADER.FIELDS.NOT (To)]").path());
    }

    @Test
    void partialNamesItsFirstOctetInTheAnswer() {
        Section section = section("BODY.PEEK[1]<393216.393216>");
        assertEquals("BODY[1]<393216>", section.label());
        assertEquals(new FetchItem.Partial(393216, 393216), section.partial());
    }

    @Test
    void partNumberBeyondAnyIntIsJustOneThatNoMessageHas() {
        assertEquals(List.of(Integer.MAX_VALUE), section("BODY[99999999999999]").path());
    }

    @Test
    void changedSinceAsksForModSeqToo() {
        FetchCommand command = parseUid(" 1:* (FLAGS) (CHANGEDSINCE 12345)");
        assertEquals(OptionalLong.of(12345), command.changedSince());
        assertEquals(List.of(Attribute.UID, Attribute.FLAGS, Attribute.MODSEQ), command.itemsTold(false));
    }

    @Test
    void iosMaySayChangedSinceZero() {
        assertEquals(OptionalLong.of(0), parse(" 1 FLAGS (CHANGEDSINCE 0)").changedSince());
    }

    @Test
    void nonsenseIsBad() {
        for (String arguments : List.of(
                "",
                " ",
                " 1",
                " 1 ",
                " 1 ()",
                " 1 NOSUCH",
                " 1 (FLAGS",
                " 1 FLAGS)",
                " 1 (FLAGS  UID)",
                " 1 (ALL)",
                " 1 ENVELOPE.PEEK",
                " 1 BODY[",
                " 1 BODY[1.]",
                " 1 BODY[0]",
                " 1 BODY[1.0]",
                " 1 BODY[.1]",
                " 1 BODY[1..2]",
                " 1 BODY[1a]",
                " 1 BODY[MIME]",
                " 1 BODY[TEXT.1]",
                " 1 BODY[HEADER.FIELDS]",
                " 1 BODY[HEADER.FIELDS ()]",
                " 1 BODY[HEADER.FIELDS (\"\")]",
                " 1 BODY[HEADER.FIELDSX (A)]",
                " 1 BODY[HEADER.FIELDS (A)",
                " 1 BODY[]<",
                " 1 BODY[]<1>",
                " 1 BODY[]<1.0>",
                " 1 BODY[]<-1.5>",
                " 1 BODY[]<1.5",
                " 1 BODY[]<9223372036854775808.1>",
                " 1 FLAGS (CHANGEDSINCE)",
                " 1 FLAGS (CHANGEDSINCE -1)",
                " 1 FLAGS (CHANGEDSINCE 1 VANISHED)",
                " 1 FLAGS CHANGEDSINCE 1",
                " 0 FLAGS",
                " x FLAGS",
                " 1 BODY[" + "1.".repeat(FetchItem.MAX_PATH) + "1]")) {
            assertThrows(BadSyntax.class, () -> parse(arguments), arguments);
        }
    }

    @Test
    void asManyItemsAsThereMayBeAndOneMore() {
        String items = "UID ".repeat(FetchCommand.MAX_ITEMS - 1) + "UID";
        assertEquals(FetchCommand.MAX_ITEMS, parse(" 1 (" + items + ")").items().size());
        assertThrows(BadSyntax.class, () -> parse(" 1 (" + items + " UID)"));
    }

    @Test
    void cutAnywhereItIsBadOrShorterButNeverAnAccident() {
        String whole = " 1:5,*:7 (UID BODY.PEEK[1.2.HEADER.FIELDS.NOT (Date \"X Y\")]<0.100> BODY[] MODSEQ)"
                + " (CHANGEDSINCE 9223372036854775807)";
        for (int cut = 0; cut <= whole.length(); cut++) {
            parseOrBad(whole.substring(0, cut));
        }
    }

    @Test
    void nonsenseOctetsNeverCauseAnAccident() {
        Random random = new Random(7);
        String alphabet = "BODYPEK[]<>().123*,: FLAGSUIDHEADER.FIELDS\"\\{}+\0\u00ff";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder nonsense = new StringBuilder(" 1 ");
            for (int length = random.nextInt(30); length > 0; length--) {
                nonsense.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            parseOrBad(nonsense.toString());
        }
    }

    private static void parseOrBad(String arguments) {
        try {
            parse(arguments);
        } catch (BadSyntax e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    private static void assertSection(String asked, String label, List<Integer> path, SectionText text, boolean seen) {
        assertEquals(new Section(label, path, text, null, seen, null), section(asked));
    }

    private static Section section(String item) {
        return (Section) parse(" 1 " + item).items().get(0);
    }

    private static FetchCommand parse(String arguments) {
        CommandReader reader = reader(arguments);
        FetchCommand command = (FetchCommand) FetchCommand.parse(reader, false);
        reader.end();
        return command;
    }

    private static FetchCommand parseUid(String arguments) {
        CommandReader reader = reader(arguments);
        FetchCommand command = (FetchCommand) FetchCommand.parse(reader, true);
        reader.end();
        return command;
    }

    private static CommandReader reader(String arguments) {
        return new CommandReader(arguments.getBytes(StandardCharsets.ISO_8859_1));
    }
}
