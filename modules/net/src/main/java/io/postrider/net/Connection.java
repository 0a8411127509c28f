package io.postrider.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.StayInEpoll;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.postrider.store.TimeSpent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One client's TCP connection. Touched only on its own context, by the one {@link ConnectionHandler} that owns it.
 *
 * <p>Writes are gathered and leave in one flush at the end of the event loop's turn. While the client does not take what is
 * written to it, nothing is read from it either, so that it cannot make us owe it more and more.
 *
 * <p>It sits in the Netty pipeline in front of Vert.x's own socket, right behind TLS: so no octet waits anywhere between
 * TLS and here, and it is known of each octet whether it came in the clear.
 */
public final class Connection {
    /**
     * For the client to close its side after ours. Cutting at once what it still sends would make its TCP throw away our
     * last words before it has read them.
     */
    static final Duration LINGER_TIME = Duration.ofSeconds(2);

    /** {@link #busyNanos} at most, and the part of the grace time that it may take: one in so many. */
    private static final long MOST_BUSY_NANOS = Duration.ofSeconds(2).toNanos();

    private static final int GRACE_FOR_BUSY = 4;

    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private static final AtomicLong ids =
            new AtomicLong(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36 * 36));

    private enum State {
        /** The balancer has yet to say whose connection it is. */
        PROXY_HEADER,
        OPEN,
        /** STARTTLS is answered, and TLS not begun. */
        STARTING_TLS,
        HANDSHAKE,
        CLOSING,
        CLOSED
    }

    private final String id = Long.toString(ids.incrementAndGet(), 36);
    private final Listener listener;
    private final ContextInternal context;
    private final ChannelHandlerContext channel;
    private final Arrival arrival;
    private final Outbound outbound;
    private final Tally tally;
    private final TimeSpent timeSpent;
    private final Reminder reminder;
    private final TimerWheel.Timeout timer = new TimerWheel.Timeout(this::timeIsUp);

    private ConnectionHandler handler;
    private State state = State.OPEN;
    private boolean paused;
    private boolean inputEnded;
    private boolean shuttingDown;
    private String tlsVersion;
    private ChannelBindings bindings = ChannelBindings.NONE;
    private List<String> clientAddresses = List.of();
    private Promise<Void> tlsStarted;
    private long idleTicks;
    private long lastActivity;

    Connection(Listener listener, NetSocketInternal socket, ContextInternal context) {
        this.listener = listener;
        this.context = context;
        socket.channelHandlerContext().pipeline().addFirst("connection", new ConnectionPipe(this));
        this.channel = socket.channelHandlerContext().pipeline().context("connection");
        this.arrival = new Arrival(
                this, listener, ((InetSocketAddress) channel.channel().remoteAddress()).getAddress());
        this.timeSpent = TimeSpent.on(context);
        this.outbound = new Outbound(channel, context, timeSpent);
        this.tally = new Tally(listener.metrics());
        this.reminder = new Reminder(listener.wheel(), this::guarded);
        // Else the channel would close at the client's FIN, and `printf ... | nc -N` would miss its replies.
        channel.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        StayInEpoll.always(channel.channel());
    }

    /** Short, unique on this node, in every log line of the connection. */
    public String id() {
        return id;
    }

    public Context context() {
        return context;
    }

    /** The client's IP address, as the PROXY header says where one is due. IPv6 is written as in RFC 5952. */
    public String clientAddress() {
        return arrival.address();
    }

    /** What is spoken on it: imap, pop3 ... */
    public String protocol() {
        return listener.protocol().name();
    }

    /** Whether TLS is up. */
    public boolean secure() {
        return tlsVersion != null;
    }

    /** TLSv1.3 or TLSv1.2; null before TLS is up. */
    public String tlsVersion() {
        return tlsVersion;
    }

    /**
     * What a login may be bound to so that it is worth nothing on another connection: tls-exporter, tls-server-end-point; null
     * for types that there is none of here. RFC 5056, RFC 9266, RFC 5929
     */
    public byte[] channelBinding(String type) {
        return bindings.of(type);
    }

    /** The e-mail addresses of the certificate that the client has shown, if our authority vouches for it. */
    public List<String> clientAddresses() {
        return clientAddresses;
    }

    /** Whether this listener has TLS to start and it is not up yet. */
    public boolean startTlsOffered() {
        return listener.options().tls() == ListenerOptions.Tls.STARTTLS && !secure();
    }

    /** Whether a password may be sent over this connection as it is now: TLS is up, or the listener allows plain text. */
    public boolean passwordsAllowed() {
        return secure() || listener.options().plainTextPasswords();
    }

    /** Where the running command's time has gone so far. */
    public TimeSpent timeSpent() {
        return timeSpent;
    }

    /** A log line with all that is known of the connection, so that none can be taken for another's. */
    public LoggingEventBuilder tell(LoggingEventBuilder line) {
        return tally.tell(line.addKeyValue("connection", id).addKeyValue("client", clientAddress()));
    }

    /** What it counts. */
    public Tally tally() {
        return tally;
    }

    /** After {@link #close} nothing more is written. */
    public void write(Buffer octets) {
        checkMayWrite();
        if (!isClosed()) {
            tally.sent(octets.length());
            outbound.write(((BufferInternal) octets).getByteBuf());
        }
    }

    /** Writes in US-ASCII. */
    public void write(String text) {
        checkMayWrite();
        if (!isClosed()) {
            tally.sent(text.length());
            outbound.writeAscii(text);
        }
    }

    /**
     * Completes when the client has taken enough that more may be written; at once when it keeps up. Fails when the
     * connection closes first. Everything that writes much waits for it.
     */
    public Future<Void> drained() {
        checkContext();
        return outbound.drained();
    }

    /** Stops reading from the client; what is underway may still come. */
    public void pause() {
        checkContext();
        paused = true;
        readAsWanted();
    }

    /**
     * Lets the client's TCP know at once that its octets came. Worth a system call where the client has sent all but the last
     * few and holds those back until then (Nagle's algorithm), while our TCP waits 40 ms for something to acknowledge with.
     */
    public void acknowledgeNow() {
        checkContext();
        if (!isClosed() && channel.channel() instanceof EpollSocketChannel epoll) {
            epoll.config().setTcpQuickAck(true);
        }
    }

    public void resume() {
        checkContext();
        paused = false;
        readAsWanted();
        tellInputEnded();
    }

    /**
     * Takes the step on this connection's context when the future is done. What the step throws is logged once and closes
     * the connection: nobody else hears of it, and the client would wait for ever.
     */
    public <T> void when(Future<T> future, Handler<AsyncResult<T>> step) {
        future.onComplete(result -> guarded(() -> step.handle(result)));
    }

    /** One thing to be done later, unless something comes before. */
    public Reminder reminder() {
        return reminder;
    }

    /**
     * Writes the reply in the clear, then starts TLS. What the client sent behind its STARTTLS in plain text is an attack:
     * the connection closes, and nothing of it is ever handled. CVE-2011-0411
     *
     * @param unread octets that the handler holds and has not acted on yet
     */
    public Future<Void> startTls(String reply, int unread) {
        checkContext();
        if (isClosed() || !startTlsOffered() || state != State.OPEN) {
            return context.failedFuture(new IllegalStateException("no TLS to start here"));
        }
        if (unread > 0) {
            cutForInjection();
            return context.failedFuture(Outbound.closedException());
        }
        tlsStarted = context.promise();
        state = State.STARTING_TLS;
        // From here on what comes stays in the kernel, and the TLS handler is the first to see it.
        channel.channel().config().setAutoRead(false);
        listener.metrics().octetsSent.increment(reply.length());
        outbound.writeAscii(reply);
        outbound.flushed().addListener(written -> {
            if (state == State.STARTING_TLS) {
                handshake();
            }
        });
        return tlsStarted.future();
    }

    /** Compression, on and off. */
    public Deflate deflate() {
        return new Deflate(this, channel, outbound, listener.wheel());
    }

    /** Calls {@link ConnectionHandler#timedOut} when no octet came or was taken for so long, from now on. */
    public void idleTimeout(Duration time) {
        checkContext();
        idleTicks = TimerWheel.ticks(time);
        if (state == State.OPEN) {
            waitForActivity();
        }
    }

    /**
     * A client whose last command was sooner than that is likely to be about to send the next: when the node goes down it is
     * waited for so long, and hears of it right behind its next reply, where it looks for it.
     */
    public long busyNanos() {
        return Math.min(MOST_BUSY_NANOS, listener.options().graceTime().toNanos() / GRACE_FOR_BUSY);
    }

    /** Closes behind what has been written. */
    public void close() {
        checkContext();
        if (isClosed()) {
            return;
        }
        if (state != State.OPEN) {
            cut();
            return;
        }
        state = State.CLOSING;
        outbound.close();
        setTimer(listener.options().closeTime());
        if (!inputEnded) {
            // What still comes is read to be thrown away.
            channel.channel().config().setAutoRead(true);
        }
        outbound.flushed().addListener(flushed -> endOutput());
    }

    /** Whether {@link #close} was called or the connection is gone. */
    public boolean isClosed() {
        return state == State.CLOSING || state == State.CLOSED;
    }

    /** Something of ours went wrong beyond repair: says so in the log, once, and cuts the connection. */
    public void fail(Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        // First, since logging may fail as well when memory has run out.
        cut();
        tell(log.atError())
                .setCause(cause)
                .log("{}: broke off", listener.options().name());
    }

    /** Begins the conversation, or what comes before it: the PROXY header, TLS. */
    void open() {
        if (arrival.headerIsDue()) {
            state = State.PROXY_HEADER;
            setTimer(ProxyHeader.TIME);
            arrival.awaitHeader(channel.pipeline());
        } else {
            beginIf(arrival.admitsPeer());
        }
    }

    /** Asks the handler to end, once; who is still at the PROXY header or TLS is asked when that is done. */
    void shutDown() {
        if (!shuttingDown) {
            shuttingDown = true;
            passOnShutDown();
        }
    }

    private void passOnShutDown() {
        if (shuttingDown && state == State.OPEN) {
            guarded(handler::shuttingDown);
        }
    }

    /** Closes at once, whatever waits to be written. */
    void cut() {
        if (state != State.CLOSED) {
            state = State.CLOSING;
        }
        // From the pipeline's head: TLS would wait for a client that does not read.
        channel.pipeline().firstContext().close();
    }

    void headerCame(HAProxyMessage header) {
        if (state == State.PROXY_HEADER) {
            listener.wheel().cancel(timer);
            beginIf(arrival.headerCame(header));
        }
    }

    private void beginIf(boolean admitted) {
        if (!admitted) {
            cut();
        } else if (listener.options().tls() == ListenerOptions.Tls.IMPLICIT) {
            handshake();
        } else {
            accept();
        }
    }

    private void accept() {
        state = State.OPEN;
        guarded(() -> handler = listener.protocol().accept(this));
        passOnShutDown();
    }

    private void handshake() {
        state = State.HANDSHAKE;
        setTimer(listener.options().handshakeTime());
        // Behind the PROXY header's decoder, which may still be there with octets of TLS in hand.
        channel.pipeline().addBefore("connection", "tls", listener.tlsContexts().newHandler());
        channel.channel().config().setAutoRead(true);
    }

    void handshakeDone() {
        if (state != State.HANDSHAKE) {
            return;
        }
        SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
        tlsVersion = engine.getSession().getProtocol();
        bindings = listener.tlsContexts().bindings(channel.channel(), engine);
        clientAddresses = ClientCertificate.addresses(engine.getSession());
        tally.secured();
        listener.wheel().cancel(timer);
        if (handler == null) {
            accept();
        } else {
            state = State.OPEN;
            waitForActivity();
            readAsWanted();
            tlsStarted.complete();
            passOnShutDown();
        }
    }

    private void handshakeFailed(String why) {
        listener.metrics().handshakesFailed.increment();
        // Health checks come by the second.
        tell(arrival.clientIsKnown() ? log.atInfo() : log.atDebug())
                .log("{}: no TLS: {}", listener.options().name(), why);
        cut();
    }

    void received(ByteBuf octets) {
        tally.received(octets.readableBytes());
        if (state == State.OPEN) {
            lastActivity = listener.wheel().now();
            Buffer copy = onHeap(octets);
            guarded(() -> handler.received(copy));
        } else if (state == State.STARTING_TLS) {
            cutForInjection();
        }
        // Else we are closing, and nobody listens.
    }

    void endOfInput() {
        if (state == State.CLOSING) {
            inputEnded = true;
            outbound.flushed().addListener(flushed -> cut());
        } else if (state == State.OPEN && !secure()) {
            inputEnded = true;
            tellInputEnded();
        } else {
            // Within TLS its end is said by TLS. RFC 8446 §6.1
            cut();
        }
    }

    /** Later, so that who resumes has done what it resumes for. */
    private void tellInputEnded() {
        if (inputEnded) {
            context.runOnContext(later -> {
                if (state == State.OPEN && !paused) {
                    guarded(handler::inputEnded);
                }
            });
        }
    }

    private void cutForInjection() {
        tell(log.atWarn())
                .log(
                        "{}: plain text behind STARTTLS: closed",
                        listener.options().name());
        cut();
    }

    void writabilityChanged() {
        if (channel.channel().isWritable()) {
            lastActivity = listener.wheel().now();
            context.emit(nothing -> outbound.writable());
        }
        readAsWanted();
    }

    private void readAsWanted() {
        if (state == State.OPEN && !inputEnded) {
            channel.channel().config().setAutoRead(!paused && channel.channel().isWritable());
        }
    }

    private void endOutput() {
        if (state != State.CLOSING) {
            return;
        }
        if (inputEnded) {
            cut();
            return;
        }
        setTimer(LINGER_TIME);
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) channel.channel()).shutdownOutput();
        } else {
            tls.closeOutbound().addListener(notified -> ((DuplexChannel) channel.channel()).shutdownOutput());
        }
    }

    private void waitForActivity() {
        lastActivity = listener.wheel().now();
        if (idleTicks > 0) {
            listener.wheel().set(timer, idleTicks);
        }
    }

    private void setTimer(Duration time) {
        listener.wheel().set(timer, TimerWheel.ticks(time));
    }

    private void timeIsUp() {
        if (state == State.PROXY_HEADER) {
            arrival.headerMissing();
            cut();
        } else if (state == State.HANDSHAKE) {
            handshakeFailed("the client took too long");
        } else if (state == State.OPEN) {
            long due = lastActivity + idleTicks;
            if (due < listener.wheel().now()) {
                guarded(handler::timedOut);
            } else {
                listener.wheel().setAt(timer, due + 1);
            }
        } else {
            cut();
        }
    }

    void gone() {
        State before = state;
        state = State.CLOSED;
        listener.wheel().cancel(timer);
        reminder.forget();
        outbound.release();
        tally.gone();
        listener.gone(this);
        arrival.gone();
        if (tlsStarted != null) {
            tlsStarted.tryFail(Outbound.closedException());
        }
        if (before == State.HANDSHAKE) {
            tell(log.atDebug())
                    .log("{}: went before TLS was up", listener.options().name());
        }
        if (handler != null) {
            guarded(handler::closed);
        }
    }

    void broken(Throwable cause) {
        if (state == State.PROXY_HEADER && !(cause instanceof IOException)) {
            arrival.headerMalformed();
            cut();
        } else if (state == State.HANDSHAKE) {
            // Netty's own message would show what came instead, which may be a password.
            handshakeFailed(
                    cause instanceof NotSslRecordException ? "the client does not speak it" : cause.getMessage());
        } else if (cause instanceof IOException) {
            tell(log.atDebug()).log("{}: {}", listener.options().name(), cause.toString());
            cut();
        } else {
            fail(cause);
        }
    }

    /** Nothing that a handler throws, be it that memory or the stack has run out, leaves a connection hanging. */
    private void guarded(Runnable step) {
        context.emit(step, each -> {
            try {
                each.run();
            } catch (Throwable e) {
                fail(e);
            }
        });
    }

    void pipelineFailed(Throwable cause) {
        if (state != State.CLOSED) {
            broken(cause);
        }
    }

    private void checkMayWrite() {
        checkContext();
        if (state == State.STARTING_TLS || state == State.HANDSHAKE) {
            throw new IllegalStateException("this would go out in the clear, into the TLS handshake");
        }
    }

    private void checkContext() {
        if (!channel.executor().inEventLoop()) {
            throw new IllegalStateException("connection " + id + " touched from " + Thread.currentThread());
        }
    }

    /** The handler may keep it: it belongs to no pool. */
    private static Buffer onHeap(ByteBuf octets) {
        return Buffer.buffer(octets.readableBytes()).setBytes(0, octets.nioBuffer());
    }
}
