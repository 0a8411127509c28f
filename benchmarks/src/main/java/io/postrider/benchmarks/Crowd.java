package io.postrider.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntFunction;

/**
 * Many sessions that come at once and stay: connect, LOGIN, SELECT INBOX, and IDLE if that is wanted. A login that is told to come
 * back ([UNAVAILABLE]) does so after a moment; any other refusal is a failure.
 */
final class Crowd implements AutoCloseable {
    /** From one address there are no more than some 28,000 connections to a port of another. */
    private static final int SOURCES = 20;

    private static final int RETRY_MILLIS = 200;
    private static final int MINUTES = 5;

    /** How they come: so many are not served yet at any time. */
    record Manner(boolean tls, boolean idle, int atOnce, String password, IntFunction<String> login) {}

    private final List<Target> targets;
    private final Manner manner;
    private final int sessions;
    private final Vertx vertx = Vertx.vertx();
    private final List<NetClient> clients = new ArrayList<>();
    private final List<NetSocket> open = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLongArray nanos;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private final CountDownLatch left;
    private double seconds;

    /** @param targets in turn */
    Crowd(List<Target> targets, int sessions, Manner manner) {
        this.targets = targets;
        this.manner = manner;
        this.sessions = sessions;
        nanos = new AtomicLongArray(sessions);
        left = new CountDownLatch(sessions);
        for (int i = 0; i < SOURCES; i++) {
            NetClientOptions options = new NetClientOptions().setLocalAddress("127.0.0." + (2 + i));
            if (manner.tls()) {
                options.setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
            }
            clients.add(vertx.createNetClient(options));
        }
    }

    /** Comes back when all have been served. */
    Crowd gather() throws InterruptedException {
        long started = System.nanoTime();
        for (int i = 0; i < manner.atOnce(); i++) {
            next();
        }
        if (!left.await(MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException(left.getCount() + " sessions were not served in " + MINUTES + " minutes");
        }
        seconds = (System.nanoTime() - started) / 1e9;
        return this;
    }

    /** From the first that came until the last was served. */
    double seconds() {
        return seconds;
    }

    /** For each from its connecting until it was served. */
    long[] micros() {
        long[] micros = new long[sessions];
        Arrays.setAll(micros, i -> nanos.get(i) / 1000);
        return micros;
    }

    int failed() {
        return failed.get();
    }

    int retried() {
        return retried.get();
    }

    @Override
    public void close() throws Exception {
        open.forEach(NetSocket::close);
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    private void next() {
        int number = begun.getAndIncrement();
        if (number < sessions) {
            Target target = targets.get(number % targets.size());
            new Session(number).connect(target.host(), manner.tls() ? target.imaps() : target.imap());
        }
    }

    private final class Session {
        private final int number;
        private final long since = System.nanoTime();
        private final String login;
        private boolean greeted;
        private boolean served;

        Session(int number) {
            this.number = number;
            login = "a LOGIN " + manner.login().apply(number) + " " + manner.password() + "\r\n";
        }

        void connect(String host, int port) {
            clients.get(number % SOURCES)
                    .connect(port, host)
                    .onSuccess(this::converse)
                    .onFailure(failure -> end(failure.getMessage()));
        }

        private void converse(NetSocket socket) {
            open.add(socket);
            socket.closeHandler(v -> end("closed"));
            socket.handler(RecordParser.newDelimited("\r\n", octets -> heard(socket, octets.toString())));
        }

        private void heard(NetSocket socket, String line) {
            if (!greeted) {
                greeted = true;
                socket.write(login);
            } else if (line.startsWith("a NO [UNAVAILABLE]")) {
                retried.incrementAndGet();
                vertx.setTimer(RETRY_MILLIS, timer -> socket.write(login));
            } else if (line.startsWith("a OK")) {
                socket.write("b SELECT INBOX\r\n");
            } else if (line.startsWith("b OK") && manner.idle()) {
                socket.write("c IDLE\r\n");
            } else if (line.startsWith("b OK") || line.startsWith("+")) {
                end(null);
            } else if (!line.startsWith("*")) {
                end(line);
            }
        }

        private void end(String failure) {
            if (served) {
                return;
            }
            served = true;
            if (failure != null && failed.getAndIncrement() == 0) {
                System.err.println("the first that failed: " + failure);
            }
            nanos.set(number, System.nanoTime() - since);
            left.countDown();
            next();
        }
    }
}
