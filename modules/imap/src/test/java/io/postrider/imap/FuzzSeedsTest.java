package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.FuzzSeeds;
import org.junit.jupiter.api.Test;

class FuzzSeedsTest {
    @Test
    void everySeedIsBorne() {
        assertTrue(FuzzSeeds.replay(CommandFuzz.class, CommandFuzz::fuzzerTestOneInput) > 20);
        assertTrue(FuzzSeeds.replay(NameFuzz.class, NameFuzz::fuzzerTestOneInput) > 3);
    }
}
