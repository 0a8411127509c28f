package io.postrider.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.StayInEpoll;
import io.postrider.store.TimeSpent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
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
    /** {@link #busyNanos} at most, and the part of the grace time that it may take: one in so many. */
    private static final long MOST_BUSY_NANOS = Duration.ofSeconds(2).toNanos();

    private static final int GRACE_FOR_BUSY = 4;

    private static final AtomicLong ids =
            new AtomicLong(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36 * 36));

    private final String id = Long.toString(ids.incrementAndGet(), 36);
    private final Listener listener;
    private final ContextInternal context;
    private final ChannelHandlerContext channel;
    private final Arrival arrival;
    private final Outbound outbound;
    private final Tally tally;
    private final TimeSpent timeSpent;
    private final Reminder reminder;
    private final ConnectionLife life;

    Connection(Listener listener, NetSocketInternal socket, ContextInternal context) {
        this.listener = listener;
        this.context = context;
        ConnectionPipe pipe = new ConnectionPipe();
        socket.channelHandlerContext().pipeline().addFirst("connection", pipe);
        this.channel = socket.channelHandlerContext().pipeline().context("connection");
        this.arrival = new Arrival(
                this, listener, ((InetSocketAddress) channel.channel().remoteAddress()).getAddress());
        this.timeSpent = TimeSpent.on(context);
        this.outbound = new Outbound(channel, context, timeSpent);
        this.tally = new Tally(listener.metrics());
        this.life = new ConnectionLife(this, listener, context, channel, arrival, outbound);
        this.reminder = new Reminder(listener.wheel(), life::guarded);
        pipe.lead(life);
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
        return life.secure();
    }

    /** TLSv1.3 or TLSv1.2; null before TLS is up. */
    public String tlsVersion() {
        return life.tls().version();
    }

    /**
     * What a login may be bound to so that it is worth nothing on another connection: tls-exporter, tls-server-end-point; null
     * for types that there is none of here. RFC 5056, RFC 9266, RFC 5929
     */
    public byte[] channelBinding(String type) {
        return life.tls().bindings().of(type);
    }

    /** The e-mail addresses of the certificate that the client has shown, if our authority vouches for it. */
    public List<String> clientAddresses() {
        return life.tls().clientAddresses();
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
        life.pause();
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
        life.resume();
    }

    /**
     * Takes the step on this connection's context when the future is done. What the step throws is logged once and closes
     * the connection: nobody else hears of it, and the client would wait for ever.
     */
    public <T> void when(Future<T> future, Handler<AsyncResult<T>> step) {
        future.onComplete(result -> life.guarded(() -> step.handle(result)));
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
        return life.startTls(reply, unread);
    }

    /** Compression, on and off. */
    public Deflate deflate() {
        return new Deflate(this, channel, outbound, listener.wheel());
    }

    /** Calls {@link ConnectionHandler#timedOut} when no octet came or was taken for so long, from now on. */
    public void idleTimeout(Duration time) {
        checkContext();
        life.idleTimeout(time);
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
        life.close();
    }

    /** Whether {@link #close} was called or the connection is gone. */
    public boolean isClosed() {
        return life.isClosed();
    }

    /** Something of ours went wrong beyond repair: says so in the log, once, and cuts the connection. */
    public void fail(Throwable cause) {
        life.fail(cause);
    }

    /** Begins the conversation, or what comes before it: the PROXY header, TLS. */
    void open() {
        life.open();
    }

    /** Asks the handler to end, once; who is still at the PROXY header or TLS is asked when that is done. */
    void shutDown() {
        life.shutDown();
    }

    /** Closes at once, whatever waits to be written. */
    void cut() {
        life.cut();
    }

    private void checkMayWrite() {
        checkContext();
        if (life.isBetweenClearAndTls()) {
            throw new IllegalStateException("this would go out in the clear, into the TLS handshake");
        }
    }

    private void checkContext() {
        if (!channel.executor().inEventLoop()) {
            throw new IllegalStateException("connection " + id + " touched from " + Thread.currentThread());
        }
    }
}
