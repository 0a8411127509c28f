package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
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
            String once = CaseFold.fold(Character.toString(codePoint));
            if (!once.equals(CaseFold.fold(once))) {
                assertEquals(once, CaseFold.fold(once), "U+" + Integer.toHexString(codePoint));
            }
            assertFalse(once.indexOf(0) >= 0);
            assertEquals(once, new String(once.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
    }
}
