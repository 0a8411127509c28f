package io.postrider.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DocumentedKeysTest {
    private static final Pattern KEY = Pattern.compile("^( *)#?([a-z0-9-]+):(?: (.*))?$");

    @Test
    void everyKeyIsInTheFileWithItsDefaultAndEveryKeyOfTheFileExists() throws IOException {
        assertEquals(new TreeMap<>(Configuration.defaults()), documented());
    }

    @Test
    void theFileAsItIsChangesNothing() {
        Values values = new Values();
        YamlFile.read(file(), values);
        assertEquals(Configuration.of(new Values()), Configuration.of(values));
    }

    /** Sections are plain keys, values are commented out; two spaces a level. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        String[] levels = new String[4];
        for (String line : Files.readAllLines(file())) {
            Matcher key = KEY.matcher(line);
            if (!key.matches()) {
                continue;
            }
            int level = key.group(1).length() / 2;
            levels[level] = key.group(2);
            if (line.stripLeading().startsWith("#")) {
                documented.put(
                        String.join(".", java.util.Arrays.copyOf(levels, level + 1)),
                        key.group(3) == null ? "" : key.group(3));
            }
        }
        return documented;
    }

    private static Path file() {
        return Path.of("../../deploy/postrider.yaml");
    }
}
