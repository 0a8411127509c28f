package io.postrider.smtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.FuzzSeeds;
import org.junit.jupiter.api.Test;

class FuzzSeedsTest {
    @Test
    void everySeedIsBorne() {
        assertTrue(FuzzSeeds.replay(CommandFuzz.class, CommandFuzz::fuzzerTestOneInput) > 3);
        assertTrue(FuzzSeeds.replay(DataFuzz.class, DataFuzz::fuzzerTestOneInput) > 3);
    }
}
