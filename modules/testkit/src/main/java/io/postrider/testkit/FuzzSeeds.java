package io.postrider.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What {@code benchmarks/fuzz} begins with and what it has found, in {@code fuzz/} and a target's name beside that target's
 * class, for every build to send through it again.
 */
public final class FuzzSeeds {
    private FuzzSeeds() {}

    /** How many there were. */
    public static int replay(Class<?> target, Consumer<byte[]> fuzzed) {
        List<Path> seeds = seeds(target);
        for (Path seed : seeds) {
            try {
                fuzzed.accept(Files.readAllBytes(seed));
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed.getFileName(), failure);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return seeds.size();
    }

    private static List<Path> seeds(Class<?> target) {
        try (Stream<Path> files = Files.list(
                Path.of(target.getResource("fuzz/" + target.getSimpleName()).toURI()))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
