package io.postrider.imap;

import io.postrider.imap.CommandRunner.Condition;
import io.postrider.imap.Framed.Begun;
import io.postrider.imap.Framed.Unreadable;
import io.postrider.imap.Framed.Whole;
import io.postrider.imap.ImapSession.State;
import io.postrider.net.Connection;
import io.postrider.net.ConnectionHandler;
import io.postrider.net.sasl.Sasl;
import io.postrider.store.Store;
import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One client's connection: takes its commands as they come, runs them one after another, and hands to a running command
 * what is meant for it. RFC 3501 §5.5
 */
final class ImapConnection implements ConnectionHandler, ClientInput, CommandFramer.Sink {
    /** Until news that could not be had are asked for again. */
    private static final long REST_AFTER_FAILURE_MILLIS = 1_000;

    private final Connection connection;
    private final ImapLimits limits;
    private final CommandRunner runner;
    private final ImapSession session;
    private final CommandFramer framer;
    private final Progress progress;
    /** Since when it has been waited for a login. */
    private long strangerSince = System.nanoTime();

    private final ArrayDeque<Framed> queue = new ArrayDeque<>(2);
    private int queuedOctets;
    private boolean running;
    /** News have just been told, or could not be. */
    private boolean resting;

    private boolean pumping;
    /** A running command waits for this. */
    private Promise<Framed> awaited;
    /** The message that the running command has been promised and has not had whole. */
    private Begun begun;

    private int badInARow;
    private boolean paused;
    private boolean inputEnded;
    private boolean shuttingDown;
    /** Commands that had come whole when the node began to go down, and are not run yet. */
    private int repliesOwed;

    private long lastCommandAt;
    private boolean ended;

    ImapConnection(
            Connection connection,
            Store store,
            Sasl sasl,
            ImapLimits limits,
            Predicate<String> ownNames,
            CommandRunner runner) {
        this.connection = connection;
        this.limits = limits;
        this.runner = runner;
        this.session = new ImapSession(connection, store, sasl, limits, ownNames, this);
        this.progress = new Progress(session, () -> awaited != null || begun != null);
        this.framer = new CommandFramer(limits, AppendGrammar::endsInMessage, this);
        this.lastCommandAt = strangerSince - connection.busyNanos();
        session.news().betweenCommands(this::tellNews);
        connection.idleTimeout(limits.timeToLogin());
        connection.write("* OK [CAPABILITY " + Capabilities.of(session) + "] Postrider ready\r\n");
    }

    @Override
    public void received(Buffer octets) {
        if (ended) {
            return;
        }
        if (session.account() == null
                && System.nanoTime() - strangerSince > limits.timeToLogin().toNanos()) {
            end("Login took too long");
            return;
        }
        framer.feed(octets);
        if (!ended && framer.isBehindLiteral()) {
            // imaplib and Jakarta Mail send a literal's octets and its CRLF apart: each APPEND took them 40 ms more.
            connection.acknowledgeNow();
        }
        flow();
    }

    @Override
    public void inputEnded() {
        inputEnded = true;
        flow();
    }

    @Override
    public void timedOut() {
        if (running && awaited == null && begun == null) {
            // The client waits for us, not we for it.
            connection.idleTimeout(limits.idleTime());
        } else {
            end(session.account() == null ? "Login took too long" : "Idle for too long");
        }
    }

    /**
     * What has come whole is still answered, and a client in the middle of its work gets BYE right behind its next reply, where
     * it looks for it. No command that comes behind BYE is run: who has seen it may send all again elsewhere.
     */
    @Override
    public void shuttingDown() {
        shuttingDown = true;
        repliesOwed = queue.size();
        if (awaited != null && begun == null) {
            endForShutdown();
        } else if (isBetweenCommands() && System.nanoTime() - lastCommandAt < connection.busyNanos()) {
            connection
                    .context()
                    .owner()
                    .timer(connection.busyNanos(), TimeUnit.NANOSECONDS)
                    .onSuccess(quiet -> endIfNothingIsOwed());
        } else {
            endIfNothingIsOwed();
        }
    }

    @Override
    public void closed() {
        ended = true;
        queue.clear();
        session.closed();
        if (awaited != null) {
            Promise<Framed> waiting = awaited;
            awaited = null;
            waiting.fail(new ClosedChannelException());
        }
        framer.closed();
    }

    @Override
    public void framed(Framed framed) {
        if (ended) {
            return;
        }
        if (awaited != null) {
            Promise<Framed> waiting = awaited;
            awaited = null;
            waiting.complete(framed);
            return;
        }
        queue.add(framed);
        queuedOctets += framed.length();
        if (isQueueFull()) {
            framer.stop();
        }
        pump();
    }

    @Override
    public void advanced() {
        flow();
    }

    @Override
    public void broke(Throwable cause) {
        if (!connection.isClosed()) {
            connection.fail(cause);
        }
        end("");
    }

    @Override
    public Future<byte[]> line() {
        return next().compose(framed -> {
            if (framed instanceof Whole whole) {
                return Future.succeededFuture(whole.octets());
            }
            if (framed instanceof Begun) {
                framer.abandon();
            }
            return Future.failedFuture(new BadSyntax("Expected a line"));
        });
    }

    @Override
    public Future<Framed> message(Function<Buffer, Future<Void>> taker) {
        if (ended) {
            return Future.failedFuture(new ClosedChannelException());
        }
        if (begun.literal().synchronising()) {
            session.requestContinuation("Ready for the message");
        }
        long since = System.nanoTime();
        Future<Void> streamed = framer.stream(taker);
        streamed.onComplete(sent -> connection.timeSpent().add(TimeSpent.On.CLIENT_SENDS, since));
        flow();
        return streamed.compose(all -> next()).compose(this::followed);
    }

    @Override
    public int unread() {
        return queuedOctets + queue.size() + framer.unread();
    }

    /** What came behind a message: the command's end, its next message, or something beyond a bound. */
    private Future<Framed> followed(Framed framed) {
        if (framed instanceof Begun head && !head.streams()) {
            // A URL between two parts.
            session.requestContinuation("Ready for the literal");
            framer.keep();
            return next().compose(this::followed);
        }
        begun = framed instanceof Begun next ? next : null;
        if (framed instanceof Unreadable unreadable) {
            return Future.failedFuture(new BadSyntax(unreadable.text()));
        }
        return Future.succeededFuture(framed);
    }

    private Future<Framed> next() {
        if (ended) {
            return Future.failedFuture(new ClosedChannelException());
        }
        Framed framed = queue.poll();
        if (framed != null) {
            queuedOctets -= framed.length();
            return Future.succeededFuture(framed);
        }
        if (shuttingDown && begun == null) {
            endForShutdown();
            return Future.failedFuture(new ClosedChannelException());
        }
        awaited = Promise.promise();
        Future<Framed> future = awaited.future();
        long since = System.nanoTime();
        future.onComplete(sent -> connection.timeSpent().add(TimeSpent.On.CLIENT_SENDS, since));
        framer.go();
        flow();
        return future;
    }

    /** Runs what is queued until something takes its time. A loop: a thousand commands must not be a thousand calls deep. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (!running && !ended && !queue.isEmpty()) {
                Framed framed = queue.poll();
                queuedOctets -= framed.length();
                take(framed);
            }
        } finally {
            pumping = false;
        }
        if (shuttingDown) {
            endIfNothingIsOwed();
        }
        if (!ended && !isQueueFull()) {
            framer.go();
        }
    }

    private void take(Framed framed) {
        if (framed instanceof Unreadable unreadable) {
            runner.refuse(session, unreadable);
            wentBad();
            if (unreadable.last()) {
                end("Cannot make out the next command");
            }
        } else if (framed instanceof Begun head && !head.streams()) {
            if (runner.mayGoOn(session, head.octets())) {
                session.requestContinuation("Ready for the literal");
                framer.keep();
            } else {
                framer.abandon();
                wentBad();
            }
        } else if (framed instanceof Begun head) {
            begun = head;
            run(head.octets());
        } else if (framed.length() > 0) {
            // An empty line between commands is nothing: iOS Mail sends some.
            run(((Whole) framed).octets());
        }
    }

    private void run(byte[] octets) {
        running = true;
        lastCommandAt = System.nanoTime();
        boolean loggedIn = session.account() != null;
        progress.begin(octets);
        connection.when(runner.run(session, octets), result -> {
            running = false;
            progress.end();
            if (begun != null) {
                begun = null;
                framer.abandon();
            }
            if (result.failed()) {
                broke(result.cause());
                return;
            }
            if (!loggedIn && session.account() != null) {
                framer.loggedIn(limits);
                connection.idleTimeout(limits.idleTime());
            } else if (loggedIn && session.account() == null) {
                framer.loggedOut(limits);
                strangerSince = System.nanoTime();
                connection.idleTimeout(limits.timeToLogin());
            }
            commandEnded(result.result());
            pump();
            flow();
            tellNews();
        });
    }

    /** To a client that has asked for that, between two commands, of which the next waits meanwhile. RFC 5465 §3.1 */
    private void tellNews() {
        if (running || ended || shuttingDown || resting || !session.news().areDue()) {
            return;
        }
        running = true;
        connection.when(session.news().tell(), result -> {
            running = false;
            if (session.state() == State.LOGOUT) {
                ended = true;
                connection.close();
                return;
            }
            if (result.failed()) {
                CommandRunner.newsFailed(session, result.cause());
            }
            resting = true;
            long rest =
                    result.failed() ? REST_AFTER_FAILURE_MILLIS : session.news().restMillis();
            connection.context().owner().setTimer(rest, id -> {
                resting = false;
                tellNews();
            });
            pump();
            flow();
        });
    }

    private void commandEnded(Condition condition) {
        if (session.state() == State.LOGOUT) {
            ended = true;
            connection.close();
        } else if (shuttingDown && repliesOwed-- <= 0) {
            endForShutdown();
        } else if (condition == Condition.BAD) {
            wentBad();
        } else {
            badInARow = 0;
            if (session.account() == null && session.failedLogins() >= limits.maxFailedLogins()) {
                end("Too many failed logins");
            }
        }
    }

    private void wentBad() {
        badInARow++;
        int most = session.account() == null ? limits.maxBadInARowBeforeLogin() : limits.maxBadInARow();
        if (badInARow >= most) {
            end("Too many commands that are none");
        }
    }

    private void endIfNothingIsOwed() {
        if (isBetweenCommands()) {
            endForShutdown();
        }
    }

    private boolean isBetweenCommands() {
        return !running && queue.isEmpty() && framer.unread() == 0;
    }

    private void endForShutdown() {
        end("Server is going down");
    }

    @Override
    public void end(String text) {
        if (ended) {
            return;
        }
        ended = true;
        queue.clear();
        if (!text.isEmpty()) {
            session.bye(text);
        }
        connection.close();
    }

    private boolean isQueueFull() {
        return queue.size() >= limits.maxQueuedCommands() || queuedOctets >= limits.maxQueuedOctets();
    }

    /** Reads from the client only while there is somewhere to put it. */
    private void flow() {
        boolean full = framer.held() > 0 && !ended;
        if (full && !paused) {
            paused = true;
            connection.pause();
        } else if (!full && paused) {
            paused = false;
            connection.resume();
        }
        boolean awaitsClient = running ? awaited != null || framer.awaitsMessage() : queue.isEmpty();
        if (inputEnded && !full && awaitsClient) {
            end("");
        }
    }
}
