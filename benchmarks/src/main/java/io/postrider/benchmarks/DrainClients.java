package io.postrider.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One process of the clients that {@link DrainLoad} starts: many connections on one thread, most of them in IDLE, some with one
 * command after another. Prints {@code ready} when all are where they should be, and how each ended once all have.
 */
@Command(name = "drain-clients", hidden = true)
final class DrainClients implements Callable<Integer> {
    /** Connections that log in at the same time: a server may refuse to work out too many passwords at once. */
    private static final int LOGGING_IN = 64;

    private static final int BUFFER_OCTETS = 64 << 10;
    /** How long a busy client thinks between a reply and its next command. */
    private static final long THINKS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final String[] COMMANDS = {
        "NOOP",
        "UID FETCH 1:* (FLAGS)",
        "APPEND INBOX {12+}\r\nSubject: a\r\n",
        "STATUS INBOX (MESSAGES)",
        "SEARCH BODY nowhere"
    };

    @Option(names = "--target", split = ",", required = true, description = "host:port, in turn.")
    private List<String> targets;

    @Option(names = "--connections", required = true)
    private int connections;

    @Option(names = "--busy", required = true, description = "So many of them with one command after another.")
    private int busy;

    @Option(names = "--source", required = true, description = "The address they come from.")
    private String source;

    @Option(names = "--accounts", required = true)
    private int accounts;

    @Option(names = "--domain", required = true)
    private String domain;

    @Option(names = "--password", required = true)
    private String password;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_OCTETS);
    private final Queue<Client> thinking = new PriorityQueue<>(Comparator.comparingLong((Client c) -> c.goesOnAt));
    private final TreeMap<String, Integer> endings = new TreeMap<>();
    private final List<Long> byes = new ArrayList<>();
    private Selector selector;
    private int begun;
    private int ready;
    private int ended;
    private long commands;

    /** A connection, and how far its conversation has come. */
    private final class Client {
        private final int number = begun;
        private final SocketChannel channel;
        private final StringBuilder partOfLine = new StringBuilder(0);
        private String owed = "";
        private int tag;
        private boolean isReady;
        private boolean bye;
        private String wrong;
        private long goesOnAt;

        Client() throws IOException {
            channel = SocketChannel.open();
            channel.bind(new InetSocketAddress(source, 0));
            String[] target = targets.get(number % targets.size()).split(":");
            channel.connect(new InetSocketAddress(target[0], Integer.parseInt(target[1])));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        private boolean isBusy() {
            return number < busy;
        }

        void read() throws IOException {
            buffer.clear();
            int got = channel.read(buffer);
            if (got < 0) {
                end(null);
                return;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                char octet = (char) (buffer.get() & 0xff);
                partOfLine.append(octet);
                if (octet == '\n') {
                    String line = partOfLine.toString().stripTrailing();
                    partOfLine.setLength(0);
                    partOfLine.trimToSize();
                    line(line);
                }
            }
        }

        private void line(String line) throws IOException {
            if (bye) {
                wrong = "told something behind BYE";
            } else if (line.startsWith("* BYE")) {
                bye = true;
                byes.add(System.currentTimeMillis());
            } else if (line.startsWith("+ ")) {
                // The reply to IDLE: from now on the server owes nothing but BYE.
                owed = "";
                reachedItsState();
            } else if (line.startsWith("* OK") && tag == 0) {
                send("LOGIN drain" + number % accounts + "@" + domain + " " + password);
            } else if (!owed.isEmpty() && line.startsWith(owed + " ")) {
                if (!line.startsWith("OK", owed.length() + 1)) {
                    wrong = "a command answered with " + line.substring(owed.length() + 1);
                }
                owed = "";
                replied();
            } else if (!line.startsWith("* ")) {
                wrong = "told nonsense";
            }
        }

        private void replied() throws IOException {
            if (tag == 1) {
                send("SELECT INBOX");
            } else if (isBusy()) {
                if (tag == 2) {
                    reachedItsState();
                }
                commands++;
                goesOnAt = System.nanoTime() + THINKS_NANOS;
                thinking.add(this);
            } else {
                send("IDLE");
            }
        }

        private void reachedItsState() throws IOException {
            isReady = true;
            ready++;
            if (ready == connections) {
                System.out.println("ready");
            }
            beginMore();
        }

        void goOn() throws IOException {
            if (!bye && channel.isOpen()) {
                send(COMMANDS[tag % COMMANDS.length]);
            }
        }

        private void send(String command) throws IOException {
            owed = "t" + ++tag;
            // Short enough for any socket's buffer.
            channel.write(ByteBuffer.wrap((owed + " " + command + "\r\n").getBytes(StandardCharsets.US_ASCII)));
        }

        void end(IOException failure) throws IOException {
            channel.close();
            ended++;
            String how;
            if (wrong != null) {
                how = wrong;
            } else if (failure != null) {
                how = "reset: " + failure.getMessage();
            } else if (!partOfLine.isEmpty()) {
                how = "cut within a line";
            } else if (!bye) {
                how = isReady ? "closed without BYE" : "closed before it was ready";
            } else if (!owed.isEmpty()) {
                how = "BYE, and a command without its reply";
            } else {
                how = DrainLoad.WELL;
            }
            endings.merge((isBusy() ? "busy: " : "idle: ") + how, 1, Integer::sum);
        }
    }

    @Override
    public Integer call() throws IOException {
        selector = Selector.open();
        beginMore();
        Queue<SelectionKey> due = new ArrayDeque<>();
        while (ended < begun || begun < connections) {
            selector.select(5);
            due.addAll(selector.selectedKeys());
            selector.selectedKeys().clear();
            while (!due.isEmpty()) {
                take((Client) due.remove().attachment());
            }
            while (!thinking.isEmpty() && thinking.peek().goesOnAt <= System.nanoTime()) {
                Client client = thinking.remove();
                try {
                    client.goOn();
                } catch (IOException e) {
                    client.end(e);
                }
            }
        }
        endings.forEach((how, count) -> System.out.println("ended " + count + " " + how));
        byes.forEach(at -> System.out.println("bye " + at));
        System.out.println("commands " + commands);
        return 0;
    }

    private void take(Client client) throws IOException {
        try {
            client.read();
        } catch (IOException e) {
            client.end(e);
        }
    }

    private void beginMore() throws IOException {
        while (begun < connections && begun - ready - ended < LOGGING_IN) {
            Client ignored = new Client();
            begun++;
        }
    }
}
