package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.postrider.server.config.Listener.Name;
import io.postrider.server.log.FloodGate;
import io.postrider.server.log.JsonLines;
import io.postrider.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a node writes into its log: everything at every level, as JSON. */
class LogTest {
    private static final String WRONG = "hunter2-wrong";

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger all = (Logger) LoggerFactory.getLogger("io.postrider");
    private final Level before = all.getLevel();
    private final JsonLines json = new JsonLines();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(new String(json.encode(event), StandardCharsets.UTF_8));
        }
    };

    @TempDir
    Path directory;

    @BeforeEach
    void listen() {
        all.setLevel(Level.TRACE);
        appender.setContext(all.getLoggerContext());
        appender.start();
        all.addAppender(appender);
    }

    @AfterEach
    void stop() {
        all.detachAppender(appender);
        all.setLevel(before);
    }

    @Test
    void noPasswordIsLoggedAtAnyLevelHoweverTheLoginFails() {
        String plain = base64("\0alice@example.com\0" + WRONG);
        try (TestNode node = TestNode.start(directory, "alice");
                TestClient imap = TestClient.connect(node.port(Name.IMAP));
                TestClient pop3 = TestClient.connect(node.port(Name.POP3))) {
            imap.line();
            imap.imap("LOGIN alice@example.com " + WRONG);
            imap.imap("AUTHENTICATE PLAIN " + plain);
            imap.imap("LOGIN alice@example.com " + WRONG + " too much");
            pop3.line();
            pop3.send("USER alice@example.com").line();
            pop3.send("PASS " + WRONG).line();
            pop3.send("AUTH PLAIN " + plain).line();
            pop3.send("AUTH LOGIN").line();
            pop3.send(base64("alice@example.com")).line();
            pop3.send(base64(WRONG)).line();
        }
        assertTrue(lines.stream().anyMatch(line -> line.contains("login of alice@example.com")), lines.toString());
        for (String secret : List.of(WRONG, base64(WRONG), plain)) {
            assertFalse(lines.stream().anyMatch(line -> line.contains(secret)), lines.toString());
        }
    }

    @Test
    void aSlowCommandSaysWhoseItIsAndWhereItsTimeWent() {
        try (TestNode node = TestNode.start(directory, "alice");
                TestClient imap = TestClient.connect(node.port(Name.IMAP))) {
            imap.line();
            imap.imap("LOGIN alice@example.com secret");
            imap.imap("NOOP");
            node.database()
                    .execute("create function slowly() returns trigger language plpgsql as "
                            + "'begin perform pg_sleep(1.2); return new; end'");
            node.database()
                    .execute("create trigger slow before insert on mailbox for each row execute function slowly()");
            imap.imap("CREATE slow");
        }
        List<String> slow =
                lines.stream().filter(line -> line.contains("slow command")).toList();
        assertEquals(1, slow.size(), lines.toString());
        assertTrue(
                slow.get(0)
                        .matches(
                                "\\{\"time\":\"[^\"]+\",\"level\":\"warn\",\"logger\":\"[^\"]+\",\"message\":\"imap: slow command\","
                                        + "\"connection\":\"\\w+\",\"client\":\"127.0.0.1\",\"tenant\":\"example.com\","
                                        + "\"account\":\"alice@example.com\",\"command\":\"CREATE\",\"outcome\":\"ok\",\"ms\":1\\d{3},"
                                        + "\"parse_ms\":\\d+,\"pool_ms\":\\d+,\"sql_ms\":1\\d{3},\"client_reads_ms\":0,\"client_sends_ms\":0\\}\n"),
                slow.get(0));
    }

    @Test
    void oneMessageComesSoOftenAMinuteAndNoMore() {
        FloodGate gate = new FloodGate();
        appender.addFilter(gate);
        Logger noisy = (Logger) LoggerFactory.getLogger("io.postrider.test.Noise");
        for (int i = 0; i < 3 * FloodGate.PER_MINUTE; i++) {
            noisy.info("nonsense from {}", i);
        }
        noisy.info("something else");
        appender.clearAllFilters();
        assertEquals(FloodGate.PER_MINUTE + 1, lines.size());
    }

    @Test
    void whateverAClientSaysItStaysOneLineAndOneObject() {
        all.atInfo().addKeyValue("client", "a\"b\\").log("line\r\nbreak \u2028 \u0000 \ud800 {}", "\u00e4\ud83d\ude00");
        String line = lines.peek();
        assertEquals(line.length() - 1, line.indexOf('\n'));
        assertTrue(
                line.contains("\"message\":\"line\\u000d\\u000abreak \\u2028 \\u0000 \\ud800 \u00e4\ud83d\ude00\""),
                line);
        assertTrue(line.endsWith("\"client\":\"a\\\"b\\\\\"}\n"), line);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
