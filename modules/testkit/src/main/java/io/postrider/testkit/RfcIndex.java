package io.postrider.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds a module's RFC.md against its sources, so that it tells the truth. */
public final class RfcIndex {
    private static final Pattern CITED = Pattern.compile("RFC (\\d{3,5})");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([\\d, ]+) \\|[^|]*\\| (Yes|Partial|No) \\|");

    private RfcIndex() {}

    /**
     * An AssertionError names the RFCs that the sources cite and the table lacks, or that the table says are kept and no
     * source cites. An RFC of the table must not stand there twice.
     *
     * @param module its directory, with RFC.md in it
     */
    public static void check(Path module) {
        Set<String> listed = new TreeSet<>();
        Set<String> kept = new TreeSet<>();
        for (Matcher row = ROW.matcher(read(module.resolve("RFC.md"))); row.find(); ) {
            for (String rfc : row.group(1).split(", ")) {
                if (!listed.add(rfc)) {
                    throw new AssertionError("RFC " + rfc + " stands twice in " + module.resolve("RFC.md"));
                }
                if (!row.group(2).equals("No")) {
                    kept.add(rfc);
                }
            }
        }
        Set<String> cited = citedIn(module.resolve("src/main"));
        Set<String> unlisted = new TreeSet<>(cited);
        unlisted.removeAll(listed);
        Set<String> uncited = new TreeSet<>(kept);
        uncited.removeAll(cited);
        if (!unlisted.isEmpty() || !uncited.isEmpty()) {
            throw new AssertionError("cited but not in RFC.md: " + unlisted + "; in RFC.md but not cited: " + uncited);
        }
    }

    private static Set<String> citedIn(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> CITED.matcher(read(file)).results())
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
