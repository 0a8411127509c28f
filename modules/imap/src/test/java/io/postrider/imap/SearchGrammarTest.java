package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.imap.ReturnOptions.Option;
import io.postrider.store.Flags;
import io.postrider.store.SearchKey;
import io.postrider.store.SearchKey.And;
import io.postrider.store.SearchKey.HasFlag;
import io.postrider.store.SearchKey.Not;
import io.postrider.store.SearchKey.Or;
import io.postrider.store.UidSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SearchGrammarTest {
    @Test
    void everyKeyThatNeedsNoMailbox() {
        assertKey("ALL", new SearchKey.All());
        assertKey("ANSWERED", new HasFlag(Flags.ANSWERED));
        assertKey("deleted", new HasFlag(Flags.DELETED));
        assertKey("DRAFT", new HasFlag(Flags.DRAFT));
        assertKey("FLAGGED", new HasFlag(Flags.FLAGGED));
        assertKey("SEEN", new HasFlag(Flags.SEEN));
        assertKey("UNANSWERED", new Not(new HasFlag(Flags.ANSWERED)));
        assertKey("UNDELETED", new Not(new HasFlag(Flags.DELETED)));
        assertKey("UNDRAFT", new Not(new HasFlag(Flags.DRAFT)));
        assertKey("UNFLAGGED", new Not(new HasFlag(Flags.FLAGGED)));
        assertKey("UNSEEN", new Not(new HasFlag(Flags.SEEN)));
        assertKey("KEYWORD $Forwarded", new SearchKey.HasKeyword("$Forwarded"));
        assertKey("UNKEYWORD x", new Not(new SearchKey.HasKeyword("x")));
        assertKey("LARGER 10", new SearchKey.Larger(10));
        assertKey("SMALLER 4294967295", new SearchKey.Smaller(4294967295L));
        assertKey("FROM \"a b\"", new SearchKey.Header("FROM", "a b"));
        assertKey("SUBJECT \"\"", new SearchKey.Header("SUBJECT", ""));
        assertKey("CC x", new SearchKey.Header("CC", "x"));
        assertKey("BCC x", new SearchKey.Header("BCC", "x"));
        assertKey("TO x", new SearchKey.Header("TO", "x"));
        assertKey("HEADER Message-ID <a@b>", new SearchKey.Header("Message-ID", "<a@b>"));
        assertKey("BODY x", new SearchKey.Body("x"));
        assertKey("TEXT {3}\r\nx y", new SearchKey.Text("x y"));
        assertKey("OLDER 86400", new SearchKey.Age(false, Duration.ofDays(1)));
        assertKey("YOUNGER 1", new SearchKey.Age(true, Duration.ofSeconds(1)));
        assertKey("SAVEDATESUPPORTED", new SearchKey.All());
        assertKey("EMAILID M17", new SearchKey.EmailId(17));
        assertKey("THREADID T9", new SearchKey.ThreadId(9));
        assertKey("EMAILID T9", new SearchKey.Uids(UidSet.EMPTY));
        assertKey("THREADID T99999999999999999999", new SearchKey.Uids(UidSet.EMPTY));
        assertKey("MODSEQ 0", new SearchKey.ModSeq(0));
        assertKey("MODSEQ \"/flags/\\\\Draft\" all 620162338", new SearchKey.ModSeq(620162338));
    }

    @Test
    void dates() {
        LocalDate day = LocalDate.of(1994, 2, 1);
        for (SearchKey.Comparison comparison : SearchKey.Comparison.values()) {
            assertKey(comparison + " 1-Feb-1994", new SearchKey.Dated(SearchKey.Date.INTERNAL, comparison, day));
            assertKey(
                    "SENT" + comparison + " \"1-feb-1994\"", new SearchKey.Dated(SearchKey.Date.SENT, comparison, day));
            assertKey("SAVED" + comparison + " 1-Feb-1994", new SearchKey.Dated(SearchKey.Date.SAVED, comparison, day));
        }
    }

    @Test
    void keysNestAndCombine() {
        assertKey(
                "OR (SEEN FLAGGED) NOT DELETED",
                new Or(
                        new And(List.of(new HasFlag(Flags.SEEN), new HasFlag(Flags.FLAGGED))),
                        new Not(new HasFlag(Flags.DELETED))));
        assertKey("SEEN DRAFT", new And(List.of(new HasFlag(Flags.SEEN), new HasFlag(Flags.DRAFT))));
        assertKey("((SEEN))", new HasFlag(Flags.SEEN));
    }

    @Test
    void textIsUtf8WhateverTheClientSaysOrNot() {
        assertKey("CHARSET utf-8 BODY {5}\r\nGr\u00c3\u00bc\u00c3", null);
        assertKey("CHARSET UTF-8 BODY {4}\r\nGr\u00c3\u00bc", new SearchKey.Body("Gr\u00fc"));
        assertKey("CHARSET US-ASCII BODY x", new SearchKey.Body("x"));
        assertKey("BODY {4}\r\nGr\u00c3\u00bc", new SearchKey.Body("Gr\u00fc"));
    }

    @Test
    void unknownCharsetIsRefusedWithThoseThatWeKnow() {
        No no = (No) parse(" CHARSET KOI8-R BODY {2}\r\n\u00d0\u00d0")
                .program()
                .begin(null)
                .cause();
        assertEquals("BADCHARSET (US-ASCII UTF-8)", no.code());
    }

    @Test
    void returnOptions() {
        assertNull(parse(" ALL").options());
        assertEquals(Set.of(Option.ALL), parse(" RETURN () ALL").options().options());
        assertEquals(
                Set.of(Option.MIN, Option.COUNT),
                parse(" RETURN (MIN COUNT) CHARSET UTF-8 ALL").options().options());
        assertThrows(BadSyntax.class, () -> parse(" RETURN (ALL PARTIAL 1:2) ALL"));
        assertThrows(BadSyntax.class, () -> parse(" RETURN (PARTIAL 1:2 PARTIAL 3:4) ALL"));
        assertThrows(BadSyntax.class, () -> parse(" RETURN (PARTIAL 1:-2) ALL"));
        assertThrows(BadSyntax.class, () -> parse(" RETURN (PARTIAL -1:2) ALL"));
        assertThrows(BadSyntax.class, () -> parse(" RETURN (PARTIAL 0:2) ALL"));
        assertThrows(BadSyntax.class, () -> parse(" RETURN (PARTIAL 1) ALL"));
        assertThrows(BadSyntax.class, () -> parse(" RETURN (PARTIAL 1:*) ALL"));
        assertThrows(BadSyntax.class, () -> parse(" RETURN (NOSUCH) ALL"));
        assertThrows(BadSyntax.class, () -> parse(" RETURN MIN ALL"));
    }

    @Test
    void uidSetsAndModSeqAreNoticed() {
        assertEquals(1, parse(" NOT UID 5:*").program().uidSets().size());
        assertTrue(parse(" OR SEEN MODSEQ 5").program().namesModSeq());
        assertFalse(parse(" 1:3").program().namesModSeq());
    }

    @Test
    void nestsAsDeepAsTheStoreTakesItAndNoDeeper() {
        int most = SearchKeyReader.MAX_NESTING - 1;
        SearchKey key = key("NOT ".repeat(most) + "UNSEEN");
        int depth = 0;
        for (SearchKey k = key; k instanceof Not not; k = not.key()) {
            depth++;
        }
        assertTrue(depth < SearchKey.MAX_DEPTH, "depth " + depth);
        assertThrows(BadSyntax.class, () -> parse(" " + "NOT ".repeat(most + 1) + "UNSEEN"));
        assertThrows(BadSyntax.class, () -> parse(" " + "(".repeat(most + 1) + "SEEN" + ")".repeat(most + 1)));
        assertThrows(BadSyntax.class, () -> parse(" " + "OR SEEN ".repeat(most + 1) + "SEEN"));
    }

    @Test
    void hundredThousandParenthesesDoNotOverflowTheStack() {
        assertThrows(BadSyntax.class, () -> parse(" " + "(".repeat(100_000)));
        assertThrows(BadSyntax.class, () -> parse(" " + "NOT ".repeat(100_000)));
    }

    @Test
    void nonsenseIsBad() {
        for (String arguments : List.of(
                "",
                " ",
                " NOSUCH",
                " NOT",
                " OR SEEN",
                " (SEEN",
                " SEEN)",
                " ()",
                " SEEN  DRAFT",
                " FROM",
                " LARGER x",
                " LARGER -1",
                " LARGER 9223372036854775808",
                " OLDER 0",
                " SINCE 32-Jan-2020",
                " SINCE yesterday",
                " UID",
                " UID x",
                " 0",
                " 1:0",
                " KEYWORD",
                " KEYWORD \\Seen",
                " MODSEQ",
                " MODSEQ \"x\" all 1",
                " MODSEQ \"/flags/\\\\Seen\" none 1",
                " HEADER x",
                " EMAILID",
                " EMAILID a/b",
                " $,1",
                " 1,$",
                " UID $:5",
                " SAVEDON",
                " CHARSET UTF-8",
                " RETURN (MIN)")) {
            assertThrows(BadSyntax.class, () -> parse(arguments), arguments);
        }
    }

    @Test
    void cutAnywhereOrNonsenseItIsNeverAnAccident() {
        String whole = " RETURN (MIN MAX) CHARSET UTF-8 OR (UID 1:*,7 NOT FROM {3}\r\nabc) SINCE 1-Feb-1994 MODSEQ"
                + " \"/flags/\\\\Seen\" all 7 1:5,* HEADER X \"y\\\"z\"";
        for (int cut = 0; cut <= whole.length(); cut++) {
            parseOrRefuse(whole.substring(0, cut));
        }
        Random random = new Random(3);
        String[] words = {
            "OR",
            "NOT",
            "(",
            ")",
            "SEEN",
            "UID",
            "1:*",
            "FROM",
            "\"x\"",
            "{1}\r\nx",
            "{9}\r\n",
            "SINCE",
            "MODSEQ",
            "\u00ff",
            "\0",
            "RETURN",
            "CHARSET",
            "UTF-8",
            "",
            "*"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder nonsense = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                nonsense.append(' ').append(words[random.nextInt(words.length)]);
            }
            parseOrRefuse(nonsense.toString());
        }
    }

    private static void parseOrRefuse(String arguments) {
        try {
            parse(arguments);
        } catch (BadSyntax | No e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    private static void assertKey(String keys, SearchKey expected) {
        if (expected == null) {
            assertThrows(BadSyntax.class, () -> key(keys));
        } else {
            assertEquals(expected, key(keys));
        }
    }

    private static SearchKey key(String keys) {
        return parse(" " + keys).program().keys().in(null);
    }

    private static SearchCommand parse(String arguments) {
        byte[] octets = ("a1" + arguments).getBytes(StandardCharsets.ISO_8859_1);
        CommandReader reader = new CommandReader(octets);
        reader.tag();
        SearchCommand command = (SearchCommand) SearchCommand.parse(reader, false);
        reader.end();
        return command;
    }
}
