package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** RFC.md tells the truth: what it says is kept is cited where it is kept, and nothing is cited that it leaves out. */
class RfcTest {
    private static final Path SOURCES = Path.of("src/main/java/io/postrider/imap");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\d{4}) \\| ([^|]+) \\| (Yes|Partial|No)([^|]*) \\| (.+) \\|$");
    private static final Pattern CITATION = Pattern.compile("RFC (\\d{4})");
    private static final Pattern FILE = Pattern.compile("`([A-Z]\\w+)`");

    private final List<MatchResult> rows =
            ROW.matcher(read(Path.of("RFC.md"))).results().toList();

    @Test
    void eachThatIsKeptIsCitedAndEachThatIsCitedIsListed() {
        Set<String> cited = sources()
                .flatMap(source -> CITATION.matcher(read(source)).results())
                .map(citation -> citation.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = rows.stream().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));
        assertFalse(cited.isEmpty());
        for (MatchResult row : rows) {
            assertTrue(
                    !row.group(3).equals("Yes") || cited.contains(row.group(1)),
                    "RFC " + row.group(1) + " is not cited");
        }
        cited.removeAll(listed);
        assertEquals(Set.of(), cited, "cited and not listed");
    }

    @Test
    void eachPlaceNamedIsThere() {
        assertTrue(rows.size() > 20);
        for (MatchResult row : rows) {
            FILE.matcher(row.group(5))
                    .results()
                    .forEach(file -> assertTrue(
                            Files.exists(SOURCES.resolve(file.group(1) + ".java")),
                            file.group(1) + " in row " + row.group(1)));
        }
    }

    private static Stream<Path> sources() {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
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
