package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server, a process of its own on its embedded database, is killed with SIGKILL again and again while mail comes in by LMTP
 * and APPEND. What was acknowledged is there afterwards, once; what was not is there once or not at all. {@code benchmarks/faults}
 * goes on for longer, with more faults.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("postrider.kills", 3);
    private static final int PORT_OFFSET = 11_000;
    private static final int IMAP = 1143 + PORT_OFFSET;
    private static final int LMTP = 1024 + PORT_OFFSET;
    private static final Pattern APPENDUID = Pattern.compile("OK \\[APPENDUID \\d+ (\\d+)].*");

    @TempDir
    Path directory;

    private final AtomicInteger count = new AtomicInteger();
    /** What the server has answered 250 or OK for; APPEND's UIDs, 0 for LMTP. */
    private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();

    private volatile boolean over;

    @Test
    void losesNothingAcknowledgedAndDoublesNothing() throws Exception {
        Random random = new Random(7);
        Process server = startServer();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            senders.add(thread(this::deliverUntilCut));
            senders.add(thread(this::appendUntilCut));
        }
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                awaitAcknowledged(acknowledged.size() + 20, kill);
                Thread.sleep(random.nextInt(500));
                server.destroyForcibly().waitFor();
                server = startServer();
            }
            over = true;
            for (Thread sender : senders) {
                sender.join(20_000);
            }
            compareWithWhatIsThere();
        } finally {
            over = true;
            server.destroy();
            server.waitFor(20, TimeUnit.SECONDS);
        }
    }

    /** So that every kill falls into the middle of traffic, however slow the machine. */
    private void awaitAcknowledged(int wanted, int kill) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (acknowledged.size() < wanted) {
            assertTrue(System.nanoTime() < end, "nothing was acknowledged before kill " + kill);
            Thread.sleep(20);
        }
    }

    private void compareWithWhatIsThere() {
        Map<Integer, List<Long>> there = new HashMap<>();
        try (TestClient imap = login()) {
            imap.imap("SELECT INBOX");
            long uid = 0;
            for (String line : imap.imap("UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])")) {
                Matcher fetch =
                        Pattern.compile("\\* \\d+ FETCH \\(UID (\\d+) .*").matcher(line);
                if (fetch.matches()) {
                    uid = Long.parseLong(fetch.group(1));
                }
                if (line.startsWith("Subject: kill ")) {
                    there.computeIfAbsent(Integer.valueOf(line.substring(14)), n -> new ArrayList<>())
                            .add(uid);
                }
            }
            String status = imap.imap("STATUS INBOX (MESSAGES)").get(0);
            long messages = Long.parseLong(status.replaceAll(".*MESSAGES (\\d+).*", "$1"));
            long fetched = imap.imap("UID FETCH 1:* (UID)").size() - 1L;
            assertEquals(fetched, messages, "the counter and the messages differ");
        }
        Map<Integer, List<Long>> doubled = new TreeMap<>(there);
        doubled.values().removeIf(uids -> uids.size() == 1);
        assertEquals(Map.of(), doubled, "doubled");
        acknowledged.forEach((n, uid) -> {
            assertTrue(there.containsKey(n), () -> "message " + n + " was acknowledged and is gone");
            if (uid != 0) {
                assertEquals(List.of(uid), there.get(n), "UID of message " + n);
            }
        });
    }

    private void deliverUntilCut() {
        try (TestClient lmtp = TestClient.connect(LMTP)) {
            lmtp.line();
            lmtp.send("LHLO test.example.net");
            lmtp.linesUntil(line -> line.startsWith("250 "));
            while (!over) {
                int n = count.incrementAndGet();
                lmtp.sendRaw("MAIL FROM:<s@example.net>\r\nRCPT TO:<rider@example.com>\r\nDATA\r\n");
                lmtp.line();
                lmtp.line();
                lmtp.line();
                lmtp.sendRaw(message(n) + ".\r\n");
                if (lmtp.line().startsWith("250")) {
                    acknowledged.put(n, 0L);
                }
            }
        }
    }

    private void appendUntilCut() {
        try (TestClient imap = login()) {
            while (!over) {
                int n = count.incrementAndGet();
                String message = message(n);
                List<String> answer = imap.imap("APPEND INBOX {" + message.length() + "+}\r\n" + message);
                Matcher appended = APPENDUID.matcher(answer.get(answer.size() - 1));
                if (appended.matches()) {
                    acknowledged.put(n, Long.valueOf(appended.group(1)));
                }
            }
        }
    }

    private static TestClient login() {
        TestClient imap = TestClient.connect(IMAP);
        imap.line();
        List<String> answer = imap.imap("LOGIN rider@example.com secret");
        if (!answer.get(answer.size() - 1).startsWith("OK")) {
            imap.close();
            throw new IllegalStateException("login: " + answer);
        }
        return imap;
    }

    private static String message(int n) {
        return "From: s@example.net\r\nSubject: kill " + n + "\r\n\r\n" + "text ".repeat(n % 200) + "\r\n";
    }

    /** Does it again on a new connection whenever the server has cut the one before. */
    private Thread thread(Runnable sender) {
        Thread thread = new Thread(() -> {
            while (!over) {
                try {
                    sender.run();
                } catch (RuntimeException e) {
                    pause();
                }
            }
        });
        thread.start();
        return thread;
    }

    private Process startServer() throws IOException {
        Path accounts = directory.resolve("accounts.csv");
        Files.writeString(accounts, "rider@example.com,secret\n");
        Path log = directory.resolve("server.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.postrider.server.Main",
                        "demo",
                        "--data",
                        directory.resolve("data").toString(),
                        "--accounts",
                        accounts.toString(),
                        "--port-offset",
                        String.valueOf(PORT_OFFSET))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (System.nanoTime() < end && process.isAlive()) {
            if (accepts(LMTP) && accepts(IMAP)) {
                return process;
            }
            pause();
        }
        process.destroyForcibly();
        throw new AssertionError("the server did not start:\n" + Files.readString(log));
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
