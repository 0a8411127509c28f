package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README tells the truth where a machine can see it. */
class ReadmeTest {
    private static final Path TOP = Path.of("../..");
    private static final Pattern TYPE = Pattern.compile("\\b(?:[A-Z][a-z0-9]+){2,}\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");

    @Test
    void everyClassOnTheWayOfAMessageExists() throws IOException {
        String readme = Files.readString(TOP.resolve("README.md"));
        int start = readme.indexOf("## The way of a message");
        String way = readme.substring(start, readme.indexOf("\n## ", start + 1));
        Set<String> named = new TreeSet<>();
        Matcher matcher = TYPE.matcher(way);
        while (matcher.find()) {
            named.add(matcher.group());
        }
        assertTrue(named.size() > 15, named.toString());
        named.removeAll(types());
        assertEquals(Set.of(), named, "named in the README, but there is no such class");
    }

    @Test
    void whatItLinksToIsThere() throws IOException {
        Matcher link = LINK.matcher(Files.readString(TOP.resolve("README.md")));
        while (link.find()) {
            assertTrue(Files.exists(TOP.resolve(link.group(1))), link.group(1));
        }
    }

    @Test
    void thePortsAreTheOnesInTheCode() throws IOException {
        String readme = Files.readString(TOP.resolve("README.md"));
        for (Name name : Name.values()) {
            String row = "| " + name.usualPort() + " | " + (1000 + name.usualPort()) + " |";
            assertTrue(readme.contains(row), name + ": " + row);
        }
    }

    private static Set<String> types() throws IOException {
        try (Stream<Path> files = Files.walk(TOP.resolve("modules"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
