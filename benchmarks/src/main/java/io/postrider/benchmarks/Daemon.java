package io.postrider.benchmarks;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that serves: up once it listens, gone once it has ended. */
final class Daemon {
    private static final int START_SECONDS = 120;
    private static final int STOP_SECONDS = 60;
    private static final int LAST_WORDS = 20;

    private final Process process;

    private Daemon(Process process) {
        this.process = process;
    }

    /** @param port which it listens on when it is ready */
    static Daemon start(List<String> command, Map<String, String> environment, Path log, int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Daemon daemon = new Daemon(builder.start());
        // Whoever stops this program stops what it started, and waits for it.
        Runtime.getRuntime().addShutdownHook(new Thread(daemon::stop));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!listens(port)) {
            if (!daemon.process.isAlive() || System.nanoTime() > until) {
                throw new IOException(command.get(0) + " did not start:\n" + String.join("\n", lastWords(log)));
            }
            pause();
        }
        return daemon;
    }

    long pid() {
        return process.pid();
    }

    /** Twice: a Postrider that is told so again does not wait for its clients to go. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(300, TimeUnit.MILLISECONDS)) {
                process.destroy();
            }
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    static List<String> lastWords(Path log) throws IOException {
        List<String> said = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return said.subList(Math.max(0, said.size() - LAST_WORDS), said.size());
    }

    /** Runs something that is soon over. */
    static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
