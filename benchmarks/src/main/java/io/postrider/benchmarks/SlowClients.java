package io.postrider.benchmarks;

import io.postrider.testkit.TestClient;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Clients by the hundred, over TLS, that read large messages slowly, send them slowly, or idle and do not read their news; and
 * one that is in no way slow and must not notice. Prints what the node holds meanwhile. {@code benchmarks/slow-readers} runs it.
 */
@Command(
        name = "slow-clients",
        mixinStandardHelpOptions = true,
        description = "Loads a node's memory with slow clients.")
public final class SlowClients implements Callable<Integer> {
    private static final String READER = "bench1@example.com";
    private static final int PORTION = 64 << 10;
    private static final int MESSAGES_OF_IDLERS = 1000;
    private static final long PATIENCE_MILLIS = 10_000;

    @Option(names = "--port-offset", required = true)
    private int offset;

    @Option(names = "--pid", required = true, description = "The node's process.")
    private long pid;

    @Option(names = "--password", defaultValue = "bench")
    private String password;

    @Option(names = "--clients", defaultValue = "100", description = "Readers, and writers. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(names = "--idlers", defaultValue = "500", description = "Default: ${DEFAULT-VALUE}.")
    private int idlers;

    @Option(names = "--megabytes", defaultValue = "50", description = "Of a message. Default: ${DEFAULT-VALUE}.")
    private int megabytes;

    @Option(names = "--seconds", defaultValue = "40", description = "Each kind of client. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--per-second",
            defaultValue = "128",
            description = "KiB that a client takes or sends. Default: ${DEFAULT-VALUE}.")
    private int kibPerSecond;

    private final Set<TestClient> clients = ConcurrentHashMap.newKeySet();
    private final AtomicLong moved = new AtomicLong();
    private volatile boolean over;
    private volatile long longestMillis;
    private volatile Throwable failure;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SlowClients()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        byte[] message = message();
        try (TestClient imap = login()) {
            imap.socket().setSoTimeout(120_000);
            imap.sendRaw("a APPEND INBOX {" + message.length + "+}\r\n")
                    .sendRaw(message)
                    .sendRaw("\r\n");
            imap.linesUntil(line -> line.startsWith("a OK"));
        }
        TestClient unhurt = login();
        clients.clear();
        Thread bystander = thread(() -> watch(unhurt));
        NodeMemory memory = new NodeMemory(8080 + offset, pid);
        System.out.printf("%-44s %9s %9s %9s %12s%n", "", "heap MiB", "direct", "resident", "slowest ms");
        line("at rest", memory, 5);

        for (int i = 0; i < count; i++) {
            TestClient reader = login();
            reader.imap("SELECT INBOX");
            slowly(reader, () -> reader.octets(PORTION));
            reader.send("b FETCH 1 BODY.PEEK[]");
        }
        line(count + " readers of " + megabytes + " MB", memory, seconds);
        sendHome();

        for (int i = 0; i < count; i++) {
            TestClient writer = i % 2 == 0 ? login() : lmtp();
            if (i % 2 == 0) {
                writer.sendRaw("b APPEND INBOX {" + message.length + "+}\r\n");
            }
            int[] at = {0};
            slowly(writer, () -> {
                writer.sendRaw(Arrays.copyOfRange(message, at[0], at[0] + PORTION));
                at[0] = (at[0] + PORTION) % (message.length - PORTION);
            });
        }
        line(count + " writers of " + megabytes + " MB", memory, seconds);
        sendHome();

        idle(memory);
        over = true;
        bystander.join(PATIENCE_MILLIS);
        if (failure != null) {
            failure.printStackTrace();
            return 1;
        }
        return longestMillis < PATIENCE_MILLIS ? 0 : 1;
    }

    private void idle(NodeMemory memory) throws Exception {
        try (TestClient changes = login()) {
            changes.socket().setSoTimeout(120_000);
            changes.imap("CREATE news");
            changes.send("a APPEND news" + " {12+}\r\nSubject: a\r\n".repeat(MESSAGES_OF_IDLERS));
            changes.linesUntil(line -> line.startsWith("a OK"));
            changes.imap("SELECT news");
            for (int i = 0; i < idlers; i++) {
                TestClient idler = login();
                idler.imap("SELECT news");
                idler.send("b IDLE").line();
            }
            Thread changing = thread(() -> {
                for (int i = 0; !over && !clients.isEmpty(); i++) {
                    changes.imap("STORE 1:* " + (i % 2 == 0 ? "+" : "-") + "FLAGS.SILENT ($Forwarded)");
                    moved.addAndGet(MESSAGES_OF_IDLERS);
                }
            });
            line(idlers + " in IDLE that read no news", memory, seconds);
            over = true;
            changing.join(120_000);
            sendHome();
        }
    }

    /** One line of the table: the most that was seen in so many seconds. */
    private void line(String what, NodeMemory memory, int time) throws Exception {
        longestMillis = 0;
        moved.set(0);
        memory.watch(time);
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        System.out.printf(
                "%-44s %9d %9d %9d %12d   %,d %s%n",
                what,
                memory.heap() >> 20,
                memory.direct() >> 20,
                memory.resident() >> 20,
                longestMillis,
                moved.get(),
                what.contains("IDLE") ? "changes" : "octets");
    }

    /** Again and again, at the pace of a slow client, until it is cut off. */
    private void slowly(TestClient client, Runnable portion) {
        long pause = 1000L * PORTION / 1024 / kibPerSecond;
        thread(() -> {
            try {
                client.socket().setSoTimeout(60_000);
                while (!over) {
                    Thread.sleep(pause);
                    portion.run();
                    moved.addAndGet(PORTION);
                }
            } catch (java.io.UncheckedIOException | IllegalStateException e) {
                // It was sent home.
                if (clients.contains(client)) {
                    failure = e;
                }
            }
        });
    }

    private void watch(TestClient imap) throws InterruptedException {
        imap.imap("CREATE bystander");
        imap.imap("APPEND bystander {12+}\r\nSubject: a\r\n");
        imap.imap("SELECT bystander");
        while (!over) {
            long began = System.nanoTime();
            imap.imap("FETCH 1 (FLAGS ENVELOPE BODY.PEEK[])");
            longestMillis = Math.max(longestMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            Thread.sleep(20);
        }
        imap.close();
    }

    private interface Step {
        void run() throws Exception;
    }

    private Thread thread(Step step) {
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        step.run();
                    } catch (Exception | AssertionError e) {
                        failure = e;
                    }
                },
                "slow-client",
                256 << 10);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private synchronized TestClient login() {
        TestClient client = TestClient.connectTls(1993 + offset);
        clients.add(client);
        client.line();
        List<String> answer = client.imap("LOGIN " + READER + " " + password);
        if (!answer.get(answer.size() - 1).startsWith("OK")) {
            throw new IllegalStateException(answer.toString());
        }
        return client;
    }

    private TestClient lmtp() {
        TestClient client = TestClient.connect(1024 + offset);
        clients.add(client);
        client.line();
        List<String> offered = client.send("LHLO bench.example.net").linesUntil(line -> line.startsWith("250 "));
        if (offered.toString().contains("STARTTLS")) {
            client.send("STARTTLS").line();
            client.startTls();
            client.send("LHLO bench.example.net").linesUntil(line -> line.startsWith("250 "));
        }
        client.send("MAIL FROM:<>").line();
        client.send("RCPT TO:<" + READER + ">").line();
        String reply = client.send("DATA").line();
        if (!reply.startsWith("354")) {
            throw new IllegalStateException(reply);
        }
        return client;
    }

    private void sendHome() {
        List<TestClient> all = List.copyOf(clients);
        clients.clear();
        all.forEach(TestClient::close);
    }

    private byte[] message() {
        byte[] message = new byte[megabytes << 20];
        Arrays.fill(message, (byte) 'x');
        byte[] head = "Subject: large\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int i = head.length; i < message.length - 1; i += 78) {
            message[i] = '\r';
            message[i + 1] = '\n';
        }
        System.arraycopy(head, 0, message, 0, head.length);
        return message;
    }
}
