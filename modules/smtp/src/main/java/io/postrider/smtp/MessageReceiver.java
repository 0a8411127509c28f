package io.postrider.smtp;

import io.postrider.net.Connection;
import io.postrider.store.Contents;
import io.postrider.store.IncomingMessage;
import io.postrider.store.NewContent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one message's octets from the connection into the store, in as little memory whatever its size: while the store is
 * behind, the connection is not read. Once the message cannot be taken any more (too large, a bare line end, the store
 * failed) the rest of it is read and forgotten, since only its end tells where the next command begins.
 */
final class MessageReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(MessageReceiver.class);

    private final Connection connection;
    private final IncomingMessage incoming;
    private final long maxOctets;

    /** what came while the store was behind */
    private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();

    private MessageFraming framing;
    private Promise<Buffer> whole;
    private boolean writing;
    private Rejected failure;
    private long size;

    MessageReceiver(Connection connection, Contents contents, List<Long> accountIds, long maxOctets) {
        this.connection = connection;
        this.incoming = contents.receive(accountIds);
        this.maxOctets = maxOctets;
    }

    /** For octets that nobody wants: {@code why} is what to say behind them. */
    MessageReceiver(Connection connection, Rejected why) {
        this.connection = connection;
        this.incoming = null;
        this.maxOctets = 0;
        this.failure = why;
    }

    /**
     * Takes octets, as they are handed to {@link #received}, up to the framing's end. Completes, never fails, with those
     * behind it.
     */
    Future<Buffer> take(MessageFraming framing) {
        this.framing = framing;
        whole = Promise.promise();
        Future<Buffer> done = whole.future();
        if (framing.ended()) {
            complete(Buffer.buffer());
        }
        return done;
    }

    void received(Buffer octets) {
        waiting.add(octets);
        proceed();
    }

    /** Why the message will not be kept, as far as is known yet. */
    Optional<Rejected> failure() {
        return Optional.ofNullable(failure);
    }

    /** Whether it waits for the store rather than for the client. */
    boolean isBehind() {
        return writing;
    }

    Future<NewContent> end() {
        return failure == null ? incoming.end() : Future.failedFuture(failure);
    }

    /** Forgets the message; harmless when it has ended or failed. */
    void discard() {
        if (incoming != null) {
            incoming.discard();
        }
    }

    private void proceed() {
        while (!writing && whole != null && !waiting.isEmpty()) {
            byte[] octets = waiting.poll().getBytes();
            framing.read(octets);
            Future<Void> kept = keep(octets, framing.contentEnd());
            if (framing.ended()) {
                Buffer rest = Buffer.buffer().appendBytes(octets, framing.next(), octets.length - framing.next());
                waiting.forEach(rest::appendBuffer);
                waiting.clear();
                connection.when(kept, any -> complete(rest));
                return;
            }
            if (!kept.isComplete()) {
                waitFor(kept);
            }
        }
    }

    private void complete(Buffer rest) {
        Promise<Buffer> done = whole;
        whole = null;
        done.complete(rest);
    }

    private void waitFor(Future<Void> kept) {
        writing = true;
        connection.pause();
        connection.when(kept, any -> {
            writing = false;
            proceed();
            if (!writing) {
                connection.resume();
            }
        });
    }

    /** Never fails: what goes wrong is said behind the message. */
    private Future<Void> keep(byte[] octets, int length) {
        size += length;
        if (failure == null && framing.hasBareLineEnd()) {
            fail(new Rejected(550, "5.6.0", "Bare CR or LF in message refused")); // RFC 5321 §2.3.8
        } else if (failure == null && size > maxOctets) {
            fail(new Rejected(552, "5.3.4", "Message too big")); // RFC 1870 §6.3
        }
        if (failure != null || length == 0) {
            return Future.succeededFuture();
        }
        Buffer content = Buffer.buffer(length).appendBytes(octets, 0, length);
        return incoming.write(content).otherwise(cause -> {
            connection.tell(LOG.atWarn()).log("message could not be stored: {}", cause.toString());
            fail(Delivery.rejection(cause));
            return null;
        });
    }

    private void fail(Rejected why) {
        failure = why;
        incoming.discard();
    }
}
