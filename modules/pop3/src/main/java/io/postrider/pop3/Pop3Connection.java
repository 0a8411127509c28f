package io.postrider.pop3;

import io.postrider.net.CommandTimers;
import io.postrider.net.Connection;
import io.postrider.net.ConnectionHandler;
import io.postrider.net.LineFramer;
import io.postrider.net.sasl.AuthenticationException;
import io.postrider.net.sasl.Sasl;
import io.postrider.net.sasl.SaslExchange;
import io.postrider.store.Account;
import io.postrider.store.Protocols;
import io.postrider.store.Refusal;
import io.postrider.store.Sessions;
import io.postrider.store.Store;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's session: runs its commands one behind the other, and holds the maildrop's lock and snapshot. However it ends
 * but by QUIT, nothing is deleted. RFC 1939 §3, §6
 */
final class Pop3Connection implements ConnectionHandler, LineFramer.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(Pop3Connection.class);
    /** Octets of pipelined commands that wait before the connection is not read any more. */
    static final int MAX_PIPELINED_OCTETS = 64 << 10;
    /** A response of a SASL exchange in base64, with its CRLF. RFC 5034 §4 */
    private static final int MAX_LINE = SaslExchange.MAX_RESPONSE / 3 * 4 + 2;

    private final Connection connection;
    private final CommandTable table;
    private final Store store;
    private final Sasl sasl;
    private final Pop3Limits limits;
    private final CommandTimers timers;
    private final String holder;
    private final LineFramer framer;
    private final long since = System.nanoTime();

    private String name;
    private Account account;
    private Maildrop maildrop;
    private MaildropLock lock;
    /** Null before login. */
    private Sessions.Session counted;

    private Promise<byte[]> awaitedLine;
    private boolean running;
    private boolean pausedForPipeline;
    private boolean inputEnded;
    private boolean closing;
    private boolean gone;
    private boolean shuttingDown;
    private Refused.Kind refused;
    private int protocolErrors;
    private int failedLogins;
    private long octetsTaken;
    private long octetsTakenAtTimeout = -1;

    Pop3Connection(
            Connection connection,
            CommandTable table,
            Store store,
            Sasl sasl,
            Pop3Limits limits,
            CommandTimers timers,
            String holder) {
        this.connection = connection;
        this.table = table;
        this.store = store;
        this.sasl = sasl;
        this.limits = limits;
        this.timers = timers;
        this.holder = holder;
        this.framer = new LineFramer(MAX_LINE, this);
    }

    Pop3Connection greet() {
        connection.idleTimeout(limits.timeToLogin());
        ok("Postrider");
        return this;
    }

    @Override
    public void received(Buffer octets) {
        if (maildrop == null
                && !running
                && System.nanoTime() - since > limits.timeToLogin().toNanos()) {
            close();
            return;
        }
        framer.feed(octets);
        if (running && framer.unread() > MAX_PIPELINED_OCTETS && !pausedForPipeline) {
            pausedForPipeline = true;
            connection.pause();
        }
    }

    @Override
    public void line(byte[] octets) {
        if (closing) {
            return;
        }
        if (awaitedLine != null) {
            framer.stop();
            Promise<byte[]> awaited = awaitedLine;
            awaitedLine = null;
            awaited.complete(octets);
            return;
        }
        refused = null;
        CommandTable.Line line = table.read(octets);
        long started = timers.begin(connection);
        Future<Void> done = start(line, octets.length + 2);
        if (done.isComplete()) {
            finish(line, started, done);
            return;
        }
        running = true;
        if (awaitedLine == null) {
            framer.stop();
        }
        connection.when(done, any -> {
            running = false;
            finish(line, started, done);
            goOn();
        });
    }

    @Override
    public void lineTooLong() {
        if (closing) {
            return;
        }
        Refused tooLong = Refused.bad("Line too long");
        if (awaitedLine != null) {
            framer.stop();
            Promise<byte[]> awaited = awaitedLine;
            awaitedLine = null;
            awaited.fail(tooLong);
        } else {
            refuse(tooLong);
            endIfDue();
        }
    }

    @Override
    public void inputEnded() {
        inputEnded = true;
        closeIfStarved();
    }

    /** Without a word and without deleting anything. RFC 1939 §3 */
    @Override
    public void timedOut() {
        boolean progress = octetsTaken > octetsTakenAtTimeout;
        if (running && awaitedLine == null && progress) {
            octetsTakenAtTimeout = octetsTaken; // a long RETR: silent, but not idle
            connection.idleTimeout(idle());
        } else {
            close();
        }
    }

    /** Who is in TRANSACTION goes on to QUIT, or all its DELEs were for nothing. RFC 1939 §6 */
    @Override
    public void shuttingDown() {
        shuttingDown = true;
        if (!running || awaitedLine != null) {
            endIfDue();
        }
    }

    @Override
    public void closed() {
        closing = true;
        gone = true;
        uncount();
        releaseMaildrop();
    }

    Connection connection() {
        return connection;
    }

    Store store() {
        return store;
    }

    Sasl sasl() {
        return sasl;
    }

    Pop3Limits limits() {
        return limits;
    }

    /** Whose maildrop; null before login. */
    Account account() {
        return account;
    }

    /** The snapshot; null before login. */
    Maildrop maildrop() {
        return maildrop;
    }

    void name(String given) {
        name = given;
    }

    /** The name given by USER, once; null when there was none. */
    String takeName() {
        String given = name;
        name = null;
        return given;
    }

    void ok(String text) {
        connection.write("+OK " + text + "\r\n");
    }

    void write(String text) {
        connection.write(text);
    }

    void write(Buffer octets) {
        connection.write(octets);
    }

    Future<Void> drained() {
        return connection.drained().onSuccess(taken -> octetsTaken++);
    }

    /** The line that the client sends next is no command but an answer. */
    Future<byte[]> nextLine() {
        awaitedLine = Promise.promise();
        Future<byte[]> line = awaitedLine.future();
        long since = System.nanoTime();
        line.onComplete(sent -> connection.timeSpent().add(TimeSpent.On.CLIENT_SENDS, since));
        framer.go();
        closeIfStarved();
        return line;
    }

    boolean mayStartTls() {
        return maildrop == null && connection.startTlsOffered();
    }

    Future<Void> startTls() {
        name = null;
        return connection.startTls("+OK Begin TLS\r\n", framer.unread()).otherwise(failed -> {
            close(); // the listener has said why
            return null;
        });
    }

    /** Counts among the account's sessions from now on; an administrator may end it. */
    Future<Void> count(Account wanted) {
        return store.sessions()
                .open(wanted.accountId(), Protocols.POP3, connection.clientAddress(), why -> close())
                .map(opened -> {
                    counted = opened;
                    if (gone) {
                        uncount();
                    }
                    return null;
                });
    }

    void uncount() {
        if (counted != null) {
            counted.close();
            counted = null;
        }
    }

    Future<Void> lockMaildrop(Account wanted) {
        return MaildropLock.take(store.maildrops(), wanted.accountId(), holder, limits.lease())
                .map(taken -> {
                    lock = taken;
                    lock.keep(connection.context().owner(), this::lockLost);
                    if (gone) {
                        releaseMaildrop();
                        throw Refused.no("Closed meanwhile");
                    }
                    account = wanted;
                    return null;
                });
    }

    /** Into TRANSACTION. */
    Future<Void> enter(Maildrop snapshot) {
        maildrop = snapshot;
        connection.tally().authenticated(account.tenant(), account.address());
        connection.idleTimeout(limits.idle());
        connection.tell(LOG.atDebug()).log("maildrop of {} messages", maildrop.messages());
        ok(maildrop.messages() + " messages");
        return Future.succeededFuture();
    }

    /** Lets the next session in. Never fails. */
    Future<Void> releaseMaildrop() {
        if (lock == null) {
            return Future.succeededFuture();
        }
        MaildropLock held = lock;
        lock = null;
        return held.release();
    }

    void close() {
        closing = true;
        connection.close();
    }

    /** Cuts a response that cannot be finished: its end must not be seen. */
    void abort() {
        close();
    }

    /** -ERR, unless the connection is no longer to be spoken on. */
    void refuse(Throwable cause) {
        if (closing || connection.isClosed()) {
            return;
        }
        Refused response = asRefused(cause);
        refused = response.kind();
        if (refused == Refused.Kind.BAD) {
            protocolErrors++;
        } else if (refused == Refused.Kind.LOGIN) {
            failedLogins++;
        }
        connection.write("-ERR " + response.getMessage() + "\r\n");
    }

    private Future<Void> start(CommandTable.Line line, int octets) {
        try {
            if (octets > limits.commandOctets() && !line.keyword().equals("AUTH")) {
                throw Refused.bad("Line too long");
            }
            CommandTable.State state =
                    maildrop == null ? CommandTable.State.AUTHORIZATION : CommandTable.State.TRANSACTION;
            return table.parse(line, state).run(this);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void finish(CommandTable.Line line, long started, Future<Void> done) {
        if (done.failed()) {
            refuse(done.cause());
        }
        timers.record(connection, line.keyword(), outcome(done), System.nanoTime() - started);
        endIfDue();
    }

    private void goOn() {
        if (closing) {
            return;
        }
        if (pausedForPipeline) {
            pausedForPipeline = false;
            connection.resume();
        }
        framer.go();
        closeIfStarved();
    }

    private void closeIfStarved() {
        if (inputEnded && !closing && (!running || awaitedLine != null)) {
            close();
        }
    }

    private void endIfDue() {
        if (closing) {
            return;
        }
        if (protocolErrors >= limits.protocolErrors() || failedLogins >= limits.loginAttempts()) {
            close();
        } else if (shuttingDown && maildrop == null) {
            connection.write("-ERR [SYS/TEMP] Shutting down\r\n");
            close();
        }
    }

    private void lockLost() {
        connection.tell(LOG.atWarn()).log("maildrop lock lost");
        close();
    }

    private Duration idle() {
        return maildrop == null ? limits.timeToLogin() : limits.idle();
    }

    private Refused asRefused(Throwable cause) {
        if (cause instanceof Refused already) {
            return already;
        }
        if (cause instanceof AuthenticationException failed) {
            return switch (failed.kind()) {
                case INVALID -> new Refused(Refused.Kind.LOGIN, "[AUTH] Authentication failed"); // RFC 3206 §4
                case TOO_MANY -> new Refused(Refused.Kind.LOGIN, "[SYS/TEMP] Too many failed logins, try again later");
                case FORBIDDEN -> new Refused(Refused.Kind.LOGIN, "[SYS/PERM] This account may not log in now");
                case MALFORMED -> Refused.bad("Malformed response");
                case CANCELLED -> Refused.bad("Authentication cancelled");
                case NO_MECHANISM -> Refused.bad("No such mechanism here");
            };
        }
        if (cause instanceof Refusal refusal && maildrop == null) {
            return refused(refusal);
        }
        if (cause instanceof StoreUnavailableException) {
            return new Refused(Refused.Kind.FAILED, "[SYS/TEMP] Mail store unavailable, try again later");
        }
        connection.tell(LOG.atError()).setCause(cause).log("command failed");
        return new Refused(Refused.Kind.FAILED, "[SYS/TEMP] Internal error");
    }

    /** Why an account that has proved who it is may not log in. RFC 2449 §8.1.1, RFC 3206 §3 */
    private static Refused refused(Refusal why) {
        return switch (why.kind()) {
            case TOO_FAST -> new Refused(Refused.Kind.LATER, "[LOGIN-DELAY] Too many logins, try again in a minute");
            case TOO_MANY_SESSIONS -> new Refused(Refused.Kind.LATER, "[SYS/TEMP] Too many sessions, try again later");
            case SUSPENDED -> Refused.no("[SYS/PERM] This account is suspended");
            // POP3 has no referrals: whoever reads it knows what to set.
            case MOVED -> Refused.no("[SYS/PERM] " + why.getMessage());
            case FORBIDDEN -> Refused.no("[SYS/PERM] This account may not use POP3");
            default -> Refused.no("[SYS/PERM] This account is no longer here");
        };
    }

    private String outcome(Future<Void> done) {
        if (refused == null) {
            return done.succeeded() ? "ok" : "cut";
        }
        return switch (refused) {
            case BAD -> "bad";
            case LATER -> "later";
            case FAILED -> "failed";
            default -> "no";
        };
    }
}
