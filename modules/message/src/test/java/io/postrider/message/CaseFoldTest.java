package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CaseFoldTest {
    @Test
    void lettersOfEitherCaseAreEqual() {
        assertEquals("hello, world 1", CaseFold.fold("Hello, WORLD 1"));
        assertEquals(CaseFold.fold("ÄÖÜ ΣΊΣΥΦΟΣ ЖУК"), CaseFold.fold("äöü σίσυφος жук"));
        assertEquals("strasse", CaseFold.fold("Straße"));
        assertEquals("strasse", CaseFold.fold("STRAẞE"));
    }

    @Test
    void composedAndDecomposedAreEqual() {
        assertEquals(CaseFold.fold("caf\u00e9"), CaseFold.fold("CAFE\u0301"));
        assertEquals("fi", CaseFold.fold("\ufb01"));
        assertEquals("abc", CaseFold.fold("\uff21\uff22\uff23"));
    }

    @Test
    void lowerCaseAsciiIsNotCopied() {
        String text = "nothing to do";
        assertSame(text, CaseFold.fold(text));
    }

    @Test
    void whatPostgresRefusesIsReplaced() {
        assertEquals("a\ufffdb", CaseFold.fold("A\u0000B"));
        assertEquals("\ufffdx", CaseFold.fold("\ud800X"));
        assertEquals("x\ufffd", CaseFold.fold("X\udc00"));
        assertEquals("\ud83d\ude00", CaseFold.fold("\ud83d\ude00"));
    }

    @Test
    void foldingTwiceChangesNothingMoreForAnyCodePoint() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (Character.getType(codePoint) == Character.PRIVATE_USE || !Character.isDefined(codePoint)) {
                continue;
            }
            String once = CaseFold.fold(Character.toString(codePoint));
            if (!once.equals(CaseFold.fold(once))) {
                assertEquals(once, CaseFold.fold(once), "U+" + Integer.toHexString(codePoint));
            }
            assertFalse(once.indexOf(0) >= 0);
            assertEquals(once, new String(once.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
    }

    @Test
    void marksArePutInOrder() {
        assertEquals(CaseFold.fold("x \u1e69 y"), CaseFold.fold("X s\u0307\u0323 Y"));
        assertEquals(CaseFold.fold("\u00e9\u0323"), CaseFold.fold("e\u0323\u0301"));
        assertEquals("\ud83d\ude00\u0323\u0301", CaseFold.fold("\ud83d\ude00\u0301\u0323"));
    }

    /** Ordering them all would take minutes. */
    @Test
    void aMegabyteOfMarksIsFoldedSoon() {
        String marks = "\u0301\u0323".repeat(500_000);
        assertTimeout(Duration.ofSeconds(20), () -> CaseFold.fold(marks));
    }

    @Test
    void pairsOfSurrogatesAreNotCutWhereMarksAreManyInARow() {
        for (int marks = 0; marks < 70; marks++) {
            String text = "a" + "\u0301".repeat(marks) + "\ud83d\ude00";
            assertEquals(text, CaseFold.fold(text));
        }
    }

    /** Folding character by character must be what folding the whole would be. */
    @Test
    void piecesAreFoldedAsTheWholeWouldBe() {
        Random random = new Random(5051);
        String letters =
                "aZ é\u00dfΣ\u0301\u0323\u0345\u1e69\ufb01\u30ac\uff76\uff9e\u3099\uac00\u0e33\ud83d\ude00İı\u1f80\u0f73";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, random.nextInt(20))));
            }
            assertEquals(foldedWhole(text.toString()), CaseFold.fold(text.toString()), text.toString());
        }
    }

    private static String foldedWhole(String text) {
        StringBuilder folded = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFKD)
                .codePoints()
                .map(Character::toLowerCase)
                .mapToObj(Character::toString)
                .flatMapToInt(letter -> letter.toUpperCase(Locale.ROOT).codePoints())
                .map(Character::toLowerCase)
                .forEach(folded::appendCodePoint);
        return Normalizer.normalize(folded, Normalizer.Form.NFKD);
    }
}
