package io.postrider.pop3;

import io.postrider.testkit.RfcIndex;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RfcTest {
    @Test
    void theTableOfRfcsTellsTheTruth() {
        RfcIndex.check(Path.of("").toAbsolutePath());
    }
}
