package io.postrider.server.trace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.TestNode;
import io.postrider.testkit.TestClient;
import io.postrider.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node without traces loads no class of OpenTelemetry: it serves where there are none to load. */
class UntracedTest {
    private static final Pattern IMAP = Pattern.compile(".*imap [^ ]*:(\\d+).*");

    @Test
    void servesWithoutTheLibrariesThatTracesNeed() throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        String without = Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.contains("opentelemetry"))
                .collect(Collectors.joining(File.pathSeparator));
        assertTrue(without.length() < classPath.length(), "they are called otherwise now");
        try (TestDatabase database = TestDatabase.create()) {
            TestNode.prepare(database.url(), "alice");
            serve(without, database.url());
        }
    }

    private static void serve(String classPath, String url) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        "io.postrider.server.Main",
                        "serve")
                .redirectErrorStream(true);
        command.environment()
                .putAll(Map.of(
                        "POSTRIDER_DATABASE_URL", url,
                        "POSTRIDER_HTTP_ENABLED", "false",
                        "POSTRIDER_LISTENERS_IMAP_HOST", "127.0.0.1",
                        "POSTRIDER_LISTENERS_IMAP_PORT", "0",
                        "POSTRIDER_LISTENERS_IMAP_PLAIN_TEXT_PASSWORDS", "true",
                        "POSTRIDER_LISTENERS_IMAPS_ENABLED", "false",
                        "POSTRIDER_LISTENERS_POP3_ENABLED", "false",
                        "POSTRIDER_LISTENERS_POP3S_ENABLED", "false",
                        "POSTRIDER_LISTENERS_LMTP_ENABLED", "false"));
        Process node = command.start();
        try (TestClient imap = TestClient.connect(portOf(node))) {
            imap.line();
            imap.imap("LOGIN alice@example.com " + TestNode.PASSWORD);
            List<String> selected = imap.imap("SELECT INBOX");
            assertTrue(selected.get(selected.size() - 1).startsWith("OK"), selected.toString());
        } finally {
            node.destroy();
            node.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private static int portOf(Process node) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            Matcher imap = IMAP.matcher(line);
            if (imap.matches()) {
                return Integer.parseInt(imap.group(1));
            }
        }
        throw new AssertionError("the node did not start:\n" + said);
    }
}
