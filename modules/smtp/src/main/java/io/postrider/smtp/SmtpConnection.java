package io.postrider.smtp;

import io.postrider.net.CommandTimers;
import io.postrider.net.Connection;
import io.postrider.net.ConnectionHandler;
import io.postrider.net.LineFramer;
import io.postrider.store.Store;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's session: runs its commands one behind the other, and holds what it has said so far. While a command runs, or a
 * message's octets come, no further line is looked at; what is pipelined waits in the framer.
 */
final class SmtpConnection implements ConnectionHandler, LineFramer.Sink {
    /** RFC 5321 §4.2.2 */
    private static final int LOCAL_ERROR = 451;

    private static final Logger LOG = LoggerFactory.getLogger(SmtpConnection.class);
    /** Octets of pipelined commands that wait before the connection is not read any more. */
    static final int MAX_PIPELINED_OCTETS = 64 << 10;

    private final Connection connection;
    private final Dialect dialect;
    private final CommandTable table;
    private final Store store;
    private final LmtpLimits limits;
    private final String hostname;
    private final CommandTimers timers;
    private final LineFramer framer;

    private String helloName;
    private Transaction transaction;
    private MessageReceiver receiver;
    private Reply lastReply;
    private boolean running;
    private boolean pausedForPipeline;
    private boolean inputEnded;
    private boolean closing;
    private boolean shuttingDown;
    private long lastCommandAt;
    private int transactions;
    private int commandsWithoutMail;
    private int protocolErrors;

    SmtpConnection(
            Connection connection,
            Dialect dialect,
            CommandTable table,
            Store store,
            LmtpLimits limits,
            String hostname,
            CommandTimers timers) {
        this.connection = connection;
        this.lastCommandAt = System.nanoTime() - connection.busyNanos();
        this.dialect = dialect;
        this.table = table;
        this.store = store;
        this.limits = limits;
        this.hostname = hostname;
        this.timers = timers;
        this.framer = new LineFramer(limits.commandOctets(), this);
    }

    SmtpConnection greet() {
        connection.idleTimeout(limits.idle());
        reply(Reply.of(220, "", hostname + " " + dialect + " Postrider"));
        return this;
    }

    @Override
    public void received(Buffer octets) {
        if (receiver != null) {
            receiver.received(octets);
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
        if (++commandsWithoutMail > limits.commandsWithoutMail()) {
            goodbye("4.7.0", "Too many commands");
            return;
        }
        CommandTable.Line line = table.read(octets);
        long started = timers.begin(connection);
        lastCommandAt = started;
        Future<Void> done = start(line);
        if (done.isComplete()) {
            finish(line, started, done);
            framer.go(); // a chunk that was all there has stopped it
            return;
        }
        running = true;
        framer.stop();
        connection.when(done, any -> {
            running = false;
            finish(line, started, done);
            goOn();
        });
        closeIfStarved();
    }

    @Override
    public void lineTooLong() {
        if (!closing) {
            refuse(new Rejected(500, "5.5.2", "Line too long")); // RFC 5321 §4.5.3.1.9
            endIfDue();
        }
    }

    @Override
    public void inputEnded() {
        inputEnded = true;
        closeIfStarved();
    }

    @Override
    public void timedOut() {
        if (running && (receiver == null || receiver.isBehind())) {
            connection.idleTimeout(limits.idle()); // it is we who are slow, not the client
        } else {
            goodbye("4.4.2", "Timeout");
        }
    }

    /** A client at its work gets 421 right behind its next message's reply, where it looks for it. RFC 5321 §3.8 */
    @Override
    public void shuttingDown() {
        shuttingDown = true;
        if (running) {
            return;
        }
        if (System.nanoTime() - lastCommandAt < connection.busyNanos()) {
            connection
                    .context()
                    .owner()
                    .timer(connection.busyNanos(), TimeUnit.NANOSECONDS)
                    .onSuccess(quiet -> {
                        if (!running) {
                            endIfDue();
                        }
                    });
        } else {
            endIfDue();
        }
    }

    @Override
    public void closed() {
        closing = true;
        if (receiver != null) {
            receiver.discard();
        }
        reset();
    }

    Connection connection() {
        return connection;
    }

    Store store() {
        return store;
    }

    LmtpLimits limits() {
        return limits;
    }

    String hostname() {
        return hostname;
    }

    Future<Void> reply(Reply reply) {
        lastReply = reply;
        connection.write(reply.toString());
        return Future.succeededFuture();
    }

    /** The client has introduced itself; as if by RSET, a transaction is forgotten. RFC 5321 §4.1.4 */
    void hello(String name) {
        reset();
        helloName = name;
    }

    void requireHello() {
        if (helloName == null) {
            throw new Rejected(503, "5.5.1", "Say " + dialect.hello() + " first");
        }
    }

    /** The open transaction, or null. */
    Transaction transaction() {
        return transaction;
    }

    Transaction requireTransaction() {
        if (transaction == null) {
            throw new Rejected(503, "5.5.1", "Say MAIL first");
        }
        return transaction;
    }

    boolean mayBegin() {
        return transactions < limits.transactions();
    }

    void begin(Transaction begun) {
        transactions++;
        transaction = begun;
    }

    void reset() {
        if (transaction != null) {
            transaction.discard();
            transaction = null;
        }
    }

    /** A message has come and been answered for. */
    void messageTaken() {
        transaction = null;
        commandsWithoutMail = 0;
        protocolErrors = 0;
    }

    /** Reads the connection's octets as a message's, up to its end; what follows is commands again. */
    Future<Void> take(MessageReceiver into, MessageFraming framing) {
        receiver = into;
        framer.stop();
        long since = System.nanoTime();
        Future<Void> taken = into.take(framing).map(rest -> {
            connection.timeSpent().add(TimeSpent.On.CLIENT_SENDS, since);
            receiver = null;
            if (rest.length() > 0) {
                framer.feed(rest);
            }
            return null;
        });
        if (receiver != null && framer.unread() > 0) {
            into.received(framer.takeRest());
        }
        return taken;
    }

    /** Everything said so far is forgotten, the name too. RFC 3207 §4.2 */
    Future<Void> startTls(Reply ready) {
        reset();
        helloName = null;
        lastReply = ready;
        return connection.startTls(ready.toString(), framer.unread()).otherwise(failed -> {
            close(); // the listener has said why
            return null;
        });
    }

    TraceFields trace(Transaction traced) {
        return new TraceFields(
                traced.mail().reversePath(),
                helloName,
                connection.clientAddress(),
                hostname,
                dialect.with(connection.secure(), traced.mail().smtpUtf8()),
                connection.id() + "-" + transactions,
                ZonedDateTime.now(ZoneOffset.UTC));
    }

    /** 421: says why and closes. RFC 5321 §3.8 */
    Future<Void> goodbye(String status, String why) {
        if (!closing) {
            reply(Reply.of(421, status, hostname + " " + why));
            close();
        }
        return Future.succeededFuture();
    }

    void close() {
        closing = true;
        connection.close();
    }

    private Future<Void> start(CommandTable.Line line) {
        try {
            return table.parse(line).run(this);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void finish(CommandTable.Line line, long started, Future<Void> done) {
        if (done.failed()) {
            refuse(done.cause());
        }
        timers.record(connection, line.verb(), outcome(), System.nanoTime() - started);
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

    /** Nothing more comes, and it is what the client would send next that is waited for. */
    private void closeIfStarved() {
        if (inputEnded && !closing && (!running || receiver != null && !receiver.isBehind())) {
            close();
        }
    }

    private void endIfDue() {
        if (protocolErrors >= limits.protocolErrors()) {
            goodbye("4.7.0", "Too many errors");
        } else if (shuttingDown && transaction == null) {
            goodbye("4.3.2", "Shutting down"); // RFC 3463 §3.4
        }
    }

    private void refuse(Throwable cause) {
        if (connection.isClosed()) {
            return;
        }
        boolean expected = cause instanceof Rejected || cause instanceof StoreUnavailableException;
        if (!expected) {
            connection.tell(LOG.atError()).setCause(cause).log("command failed");
        }
        Rejected rejected = Delivery.rejection(cause);
        if (rejected.reply().isProtocolError()) {
            protocolErrors++;
        }
        reply(rejected.reply());
    }

    private String outcome() {
        if (lastReply.positive()) {
            return "ok";
        }
        if (lastReply.code() == LOCAL_ERROR) {
            return "failed";
        }
        return lastReply.code() < 500 ? "later" : lastReply.isProtocolError() ? "bad" : "no";
    }
}
