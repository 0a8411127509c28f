package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.FuzzSeeds;
import org.junit.jupiter.api.Test;

class FuzzSeedsTest {
    @Test
    void everySeedIsBorne() {
        assertTrue(FuzzSeeds.replay(ProxyHeaderFuzz.class, ProxyHeaderFuzz::fuzzerTestOneInput) > 3);
    }
}
