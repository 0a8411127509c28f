package io.postrider.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stations of a connection: the PROXY header, TLS, the conversation, the close; and what comes from the channel goes to
 * whom it concerns at the station it is at. Touched only on the connection's own context.
 */
final class ConnectionLife {
    /**
     * For the client to close its side after ours. Cutting at once what it still sends would make its TCP throw away our
     * last words before it has read them.
     */
    static final Duration LINGER_TIME = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Connection.class);

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

    private final Connection connection;
    private final Listener listener;
    private final ContextInternal context;
    private final ChannelHandlerContext channel;
    private final Arrival arrival;
    private final Outbound outbound;
    private final ConnectionClock clock;

    private ConnectionHandler handler;
    private State state = State.OPEN;
    private boolean paused;
    private boolean inputEnded;
    private boolean shuttingDown;
    private TlsFacts tls = TlsFacts.NONE;
    private Promise<Void> tlsStarted;

    ConnectionLife(
            Connection connection,
            Listener listener,
            ContextInternal context,
            ChannelHandlerContext channel,
            Arrival arrival,
            Outbound outbound) {
        this.connection = connection;
        this.listener = listener;
        this.context = context;
        this.channel = channel;
        this.arrival = arrival;
        this.outbound = outbound;
        this.clock = new ConnectionClock(listener.wheel(), this::timeIsUp);
    }

    TlsFacts tls() {
        return tls;
    }

    boolean secure() {
        return tls.version() != null;
    }

    /** Whether it is closing or closed. */
    boolean isClosed() {
        return state == State.CLOSING || state == State.CLOSED;
    }

    /** Whether what is written now would go out in the clear, into the TLS handshake. */
    boolean isBetweenClearAndTls() {
        return state == State.STARTING_TLS || state == State.HANDSHAKE;
    }

    /** Begins the conversation, or what comes before it: the PROXY header, TLS. */
    void open() {
        if (arrival.headerIsDue()) {
            state = State.PROXY_HEADER;
            clock.set(ProxyHeader.TIME);
            arrival.awaitHeader(channel.pipeline());
        } else {
            beginIf(arrival.admitsPeer());
        }
    }

    void headerCame(HAProxyMessage header) {
        if (state == State.PROXY_HEADER) {
            clock.cancel();
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
        guarded(() -> handler = listener.protocol().accept(connection));
        passOnShutDown();
    }

    Future<Void> startTls(String reply, int unread) {
        if (state != State.OPEN || !connection.startTlsOffered()) {
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

    private void handshake() {
        state = State.HANDSHAKE;
        clock.set(listener.options().handshakeTime());
        // Behind the PROXY header's decoder, which may still be there with octets of TLS in hand.
        channel.pipeline().addBefore("connection", "tls", listener.tlsContexts().newHandler());
        channel.channel().config().setAutoRead(true);
    }

    void handshakeDone() {
        if (state != State.HANDSHAKE) {
            return;
        }
        tls = TlsFacts.of(channel.channel(), listener.tlsContexts());
        connection.tally().secured();
        clock.cancel();
        if (handler == null) {
            accept();
        } else {
            state = State.OPEN;
            clock.awaitActivity();
            readAsWanted();
            tlsStarted.complete();
            passOnShutDown();
        }
    }

    private void handshakeFailed(String why) {
        listener.metrics().handshakesFailed.increment();
        // Health checks come by the second.
        connection
                .tell(arrival.clientIsKnown() ? log.atInfo() : log.atDebug())
                .log("{}: no TLS: {}", listener.options().name(), why);
        cut();
    }

    void received(ByteBuf octets) {
        connection.tally().received(octets.readableBytes());
        if (state == State.OPEN) {
            clock.active();
            Buffer copy = onHeap(octets);
            guarded(() -> handler.received(copy));
        } else if (state == State.STARTING_TLS) {
            cutForInjection();
        }
        // Else we are closing, and nobody listens.
    }

    private void cutForInjection() {
        connection
                .tell(log.atWarn())
                .log(
                        "{}: plain text behind STARTTLS: closed",
                        listener.options().name());
        cut();
    }

    void pause() {
        paused = true;
        readAsWanted();
    }

    void resume() {
        paused = false;
        readAsWanted();
        tellInputEnded();
    }

    void writabilityChanged() {
        if (channel.channel().isWritable()) {
            clock.active();
            context.emit(nothing -> outbound.writable());
        }
        readAsWanted();
    }

    private void readAsWanted() {
        if (state == State.OPEN && !inputEnded) {
            channel.channel().config().setAutoRead(!paused && channel.channel().isWritable());
        }
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

    void idleTimeout(Duration time) {
        clock.idleTimeout(time);
        if (state == State.OPEN) {
            clock.awaitActivity();
        }
    }

    private void timeIsUp() {
        if (state == State.PROXY_HEADER) {
            arrival.headerMissing();
            cut();
        } else if (state == State.HANDSHAKE) {
            handshakeFailed("the client took too long");
        } else if (state != State.OPEN) {
            cut();
        } else if (clock.silentForTooLong()) {
            guarded(handler::timedOut);
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

    /** Closes behind what has been written. */
    void close() {
        if (isClosed()) {
            return;
        }
        if (state != State.OPEN) {
            cut();
            return;
        }
        state = State.CLOSING;
        outbound.close();
        clock.set(listener.options().closeTime());
        if (!inputEnded) {
            // What still comes is read to be thrown away.
            channel.channel().config().setAutoRead(true);
        }
        outbound.flushed().addListener(flushed -> endOutput());
    }

    private void endOutput() {
        if (state != State.CLOSING) {
            return;
        }
        if (inputEnded) {
            cut();
            return;
        }
        clock.set(LINGER_TIME);
        SslHandler handlerOfTls = channel.pipeline().get(SslHandler.class);
        if (handlerOfTls == null) {
            ((DuplexChannel) channel.channel()).shutdownOutput();
        } else {
            handlerOfTls.closeOutbound().addListener(notified -> ((DuplexChannel) channel.channel()).shutdownOutput());
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

    void gone() {
        State before = state;
        state = State.CLOSED;
        clock.cancel();
        connection.reminder().forget();
        outbound.release();
        connection.tally().gone();
        listener.gone(connection);
        arrival.gone();
        if (tlsStarted != null) {
            tlsStarted.tryFail(Outbound.closedException());
        }
        if (before == State.HANDSHAKE) {
            connection
                    .tell(log.atDebug())
                    .log("{}: went before TLS was up", listener.options().name());
        }
        if (handler != null) {
            guarded(handler::closed);
        }
    }

    /** The channel is broken, or what comes by it. */
    void broken(Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.PROXY_HEADER && !(cause instanceof IOException)) {
            arrival.headerMalformed();
            cut();
        } else if (state == State.HANDSHAKE) {
            // Netty's own message would show what came instead, which may be a password.
            handshakeFailed(
                    cause instanceof NotSslRecordException ? "the client does not speak it" : cause.getMessage());
        } else if (cause instanceof IOException) {
            connection.tell(log.atDebug()).log("{}: {}", listener.options().name(), cause.toString());
            cut();
        } else {
            fail(cause);
        }
    }

    void fail(Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        // First, since logging may fail as well when memory has run out.
        cut();
        connection
                .tell(log.atError())
                .setCause(cause)
                .log("{}: broke off", listener.options().name());
    }

    /** Nothing that a handler throws, be it that memory or the stack has run out, leaves a connection hanging. */
    void guarded(Runnable step) {
        context.emit(step, each -> {
            try {
                each.run();
            } catch (Throwable e) {
                fail(e);
            }
        });
    }

    /** The handler may keep it: it belongs to no pool. */
    private static Buffer onHeap(ByteBuf octets) {
        return Buffer.buffer(octets.readableBytes()).setBytes(0, octets.nioBuffer());
    }
}
