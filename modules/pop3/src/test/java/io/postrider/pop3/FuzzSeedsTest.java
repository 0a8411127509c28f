package io.postrider.pop3;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.FuzzSeeds;
import org.junit.jupiter.api.Test;

class FuzzSeedsTest {
    @Test
    void everySeedIsBorne() {
        assertTrue(FuzzSeeds.replay(CommandFuzz.class, CommandFuzz::fuzzerTestOneInput) > 1);
    }
}
