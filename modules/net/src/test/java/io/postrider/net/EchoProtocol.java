package io.postrider.net;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Greets, says each line back, and does what a few lines ask for. */
final class EchoProtocol implements Protocol {
    final Queue<String> lines = new ConcurrentLinkedQueue<>();
    final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger shutDowns = new AtomicInteger();
    final AtomicLong octetsReceived = new AtomicLong();
    final AtomicLong octetsWritten = new AtomicLong();
    volatile boolean endsWhenAsked = true;

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public ConnectionHandler accept(Connection connection) {
        connections.add(connection);
        connection.write("* hello " + (connection.secure() ? connection.tlsVersion() : "plain") + "\r\n");
        return new Handler(connection);
    }

    private final class Handler implements ConnectionHandler, LineFramer.Sink {
        private final Connection connection;
        private final LineFramer framer = new LineFramer(1000, this);

        Handler(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void received(Buffer octets) {
            octetsReceived.addAndGet(octets.length());
            framer.feed(octets);
        }

        @Override
        public void line(byte[] octets) {
            String line = new String(octets, StandardCharsets.ISO_8859_1);
            lines.add(line);
            String[] words = line.split(" ");
            switch (words[0]) {
                case "STARTTLS" -> {
                    framer.stop();
                    connection.startTls("go ahead\r\n", framer.unread()).onSuccess(up -> framer.go());
                    if (words.length > 1) {
                        say("too early");
                    }
                }
                case "PASSWORDS" -> say(String.valueOf(connection.passwordsAllowed()));
                case "IDLE" -> {
                    connection.idleTimeout(Duration.ofMillis(Long.parseLong(words[1])));
                    say("ok");
                }
                case "THROW" -> throw new IllegalStateException("as asked");
                case "OVERFLOW" -> overflow(1);
                case "MEMORY" -> throw new OutOfMemoryError("as asked");
                case "THROW-LATER" ->
                    connection.when(connection.context().owner().timer(1), late -> {
                        throw new IllegalStateException("as asked");
                    });
                case "BYE" -> {
                    say("bye");
                    connection.close();
                }
                case "PAUSE" -> connection.pause();
                case "LATER" -> later(Long.parseLong(words[1]), words.length);
                case "FLOOD" -> flood(Long.parseLong(words[1]));
                case "SPLASH" -> {
                    byte[] splash = new byte[Integer.parseInt(words[1])];
                    Arrays.fill(splash, (byte) 's');
                    connection.write(Buffer.buffer(splash));
                    connection.close();
                }
                default -> say(line);
            }
        }

        @Override
        public void lineTooLong() {
            say("too long");
        }

        @Override
        public void inputEnded() {
            say("* you are done");
            connection.close();
        }

        @Override
        public void timedOut() {
            say("* too slow");
            connection.close();
        }

        @Override
        public void shuttingDown() {
            shutDowns.incrementAndGet();
            if (endsWhenAsked) {
                say("* going down");
                connection.close();
            }
        }

        @Override
        public void closed() {
            closed.incrementAndGet();
        }

        private void say(String line) {
            connection.write(line + "\r\n");
        }

        private void later(long millis, int splashes) {
            connection.pause();
            io.vertx.core.Vertx.currentContext().owner().setTimer(millis, now -> {
                say("later");
                for (int i = 2; i < splashes; i++) {
                    connection.write(Buffer.buffer(new byte[1 << 20]));
                }
                connection.resume();
            });
        }

        private void flood(long octets) {
            if (octets <= 0) {
                say("");
                return;
            }
            int part = (int) Math.min(octets, 64 * 1024);
            byte[] water = new byte[part];
            Arrays.fill(water, (byte) 'w');
            connection.write(Buffer.buffer(water));
            octetsWritten.addAndGet(part);
            connection.drained().onSuccess(more -> flood(octets - part));
        }

        private int overflow(int depth) {
            return overflow(depth + 1) + overflow(depth + 2);
        }
    }
}
