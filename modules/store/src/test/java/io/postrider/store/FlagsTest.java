package io.postrider.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.FlagChange.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlagsTest {
    private static Flags flags(int bits, String... keywords) {
        return new Flags(bits, List.of(keywords));
    }

    @Test
    void keywordsAreComparedWithoutCase() {
        Flags flags = flags(Flags.SEEN, "Work", "later");
        assertTrue(flags.hasKeyword("wORK"));
        assertFalse(flags.hasKeyword("wor"));
        assertEquals(
                flags(Flags.SEEN | Flags.DRAFT, "Work", "later", "new"), flags.plus(flags(Flags.DRAFT, "WORK", "new")));
        assertEquals(flags(0, "later"), flags.minus(flags(Flags.SEEN | Flags.DELETED, "work", "none")));
    }

    @Test
    void emptyIsNeitherBitNorKeyword() {
        assertTrue(Flags.NONE.isEmpty());
        assertFalse(flags(0, "x").isEmpty());
        assertFalse(Flags.of(Flags.SEEN).isEmpty());
        assertTrue(Flags.of(Flags.SEEN | Flags.DELETED).has(Flags.DELETED));
        assertFalse(Flags.of(Flags.SEEN).has(Flags.DELETED));
    }

    @Test
    void storeReplacesAddsAndRemoves() {
        Flags before = flags(Flags.SEEN, "x");
        Flags given = flags(Flags.FLAGGED, "X", "y");
        assertEquals(given, new FlagChange(Mode.REPLACE, given).applyTo(before));
        assertEquals(flags(Flags.SEEN | Flags.FLAGGED, "x", "y"), new FlagChange(Mode.ADD, given).applyTo(before));
        assertEquals(Flags.of(Flags.SEEN), new FlagChange(Mode.REMOVE, given).applyTo(before));
    }
}
