package io.postrider.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every key there is, given nonsense: what is told is one line that names the key, where it stands and what it may be. The value
 * is not repeated: it may be a secret at the wrong key.
 */
class NonsenseTest {
    /** Whatever text somebody's issuer makes up is right. */
    private static final Set<String> ANY_TEXT = Set.of("oauth.issuer", "oauth.audience", "oauth.claim", "oauth.keys");

    /** What every one of these configurations lacks. */
    private static final Set<String> NOT_SET = Set.of(
            "database.url is not set",
            "listeners.imaps.enabled: needs tls.certificate and tls.key; set them, or this to false",
            "listeners.pop3s.enabled: needs tls.certificate and tls.key; set them, or this to false");

    private static final Set<String> LISTS = Set.of("proxy.trusted", "clients.exempt");
    /** No number that has a meaning, no duration, no size, no path, no name. */
    private static final List<String> NONSENSE = List.of(
            "non sense, s3cret",
            "-1",
            "99999999999999999999",
            "1e3",
            "12 parsecs",
            "tru",
            "\"\"",
            "\"\\0\"",
            "\"s3cret\\nHello: there\"",
            "'${jndi:x}'",
            "../../etc/s3cret");

    @TempDir
    Path directory;

    @Test
    void nonsenseAtAnyKeyIsOneLine() {
        List<String> accepted = new ArrayList<>();
        for (String key : Configuration.defaults().keySet()) {
            for (String nonsense : NONSENSE) {
                List<String> problems = problems(key, nonsense);
                if (problems.isEmpty()) {
                    accepted.add(key + ": " + nonsense);
                } else {
                    assertOneLine(key, nonsense, problems);
                }
            }
        }
        accepted.removeIf(each -> ANY_TEXT.contains(each.substring(0, each.indexOf(':'))));
        assertEquals(
                List.of(
                        "hostname: -1",
                        "hostname: 99999999999999999999",
                        "hostname: 1e3",
                        "hostname: tru",
                        "proxy.trusted: \"\"",
                        "clients.exempt: \"\""),
                accepted.stream().filter(each -> !each.contains("host: ")).toList(),
                "taken for good");
    }

    @Test
    void aListOrAMappingIsNoValueAndAValueNoMapping() {
        for (String key : Configuration.defaults().keySet()) {
            if (!LISTS.contains(key)) {
                assertOneLine(key, "[a, b]", problems(key, "[a, b]"));
            }
            assertOneLine(key, "{a: b}", problems(key, "{a: b}"));
            assertOneLine(key, "[{a: b}]", problems(key, "[{a: b}]"));
            int dot = key.lastIndexOf('.');
            if (dot > 0) {
                String section = key.substring(0, dot);
                assertOneLine(section, "nonsense", problems(section, "nonsense"));
            }
        }
    }

    @Test
    void aKeyThatIsNearlyOneIsToldWithTheNearest() {
        for (String key : Configuration.defaults().keySet()) {
            List<String> problems = problems(key + "z", "1");
            assertOneLine(key + "z", "1", problems);
            assertTrue(problems.get(0).endsWith("; is it " + key + "?"), problems.get(0));
        }
    }

    @Test
    void allOfItAtOnceIsALineForEach() {
        Values values = new Values();
        Configuration.defaults().keySet().forEach(key -> values.environment(Map.of(Values.variable(key), "\0")));
        List<String> problems = problems(values);
        for (String key : Configuration.defaults().keySet()) {
            if (!ANY_TEXT.contains(key)) {
                assertEquals(
                        1,
                        problems.stream()
                                .filter(line -> line.contains(" " + key + ": ") || line.startsWith(key + ": "))
                                .count(),
                        key + " in " + problems);
            }
        }
    }

    private static void assertOneLine(String key, String nonsense, List<String> problems) {
        String told = key + ": " + nonsense + " gave " + problems;
        assertEquals(1, problems.size(), told);
        String problem = problems.get(0);
        assertTrue(problem.contains(key), told);
        assertEquals(1, problem.lines().count(), told);
        assertFalse(problem.contains("s3cret"), told);
        assertFalse(problem.contains("Exception"), told);
    }

    private List<String> problems(String key, String text) {
        StringBuilder yaml = new StringBuilder();
        String[] levels = key.split("\\.");
        for (int i = 0; i < levels.length; i++) {
            yaml.append("  ".repeat(i)).append(levels[i]).append(i == levels.length - 1 ? ": " + text : ":\n");
        }
        try {
            Values values = new Values();
            YamlFile.read(Files.writeString(directory.resolve("postrider.yaml"), yaml.append('\n')), values);
            return problems(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code postrider serve} finds them, before anything opens. */
    private static List<String> problems(Values values) {
        try {
            Configuration.of(values).checkServable();
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems().stream().filter(line -> !NOT_SET.contains(line)).toList();
        }
    }
}
