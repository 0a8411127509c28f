package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code benchmarks/fuzz} begins with and what it has found, in {@code fuzz/}, goes through its targets in every build. */
class FuzzSeedsTest {
    static Stream<Arguments> targets() {
        return Stream.of(
                Arguments.of("MessageFuzz", (Consumer<byte[]>) MessageFuzz::fuzzerTestOneInput),
                Arguments.of("HeaderFuzz", (Consumer<byte[]>) HeaderFuzz::fuzzerTestOneInput));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void everySeedIsBorne(String target, Consumer<byte[]> fuzzed) throws Exception {
        Path seeds = Path.of(FuzzSeedsTest.class.getResource("fuzz/" + target).toURI());
        try (Stream<Path> files = Files.list(seeds)) {
            List<Path> all = files.sorted().toList();
            assertTrue(all.size() > 3, "there are seeds");
            for (Path seed : all) {
                fuzzed.accept(Files.readAllBytes(seed));
            }
        }
    }
}
