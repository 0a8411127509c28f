package io.postrider.imap;

import io.postrider.imap.AppendGrammar.Step;
import io.postrider.imap.Framed.Begun;
import io.postrider.imap.Framed.Whole;
import io.postrider.store.Contents;
import io.postrider.store.IncomingMessage;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the messages that a client appends, from the first frame on, into the store but not yet into a mailbox.
 *
 * <p>What can be refused is refused before octets come. Octets go on as they come, from the client or from other messages,
 * so that memory does not grow with the message.
 */
final class AppendReceipt {
    private final ImapSession session;
    private final AppendGrammar grammar;
    private final Usage usage;
    private final List<NewMessage> messages = new ArrayList<>(1);
    private long octets;
    private long octetsInMemory;

    private Step.Begin begun;
    private IncomingMessage incoming;
    /** Of the message that is coming, those promised too. */
    private long size;

    /** @param usage what the account keeps already */
    AppendReceipt(ImapSession session, AppendGrammar grammar, Usage usage) {
        this.session = session;
        this.grammar = grammar;
        this.usage = usage;
    }

    /**
     * All messages of the command, in order.
     *
     * @param first what the first frame told
     */
    Future<List<NewMessage>> receive(List<Step> first) {
        List<List<Step>> frames = new ArrayList<>(List.of(first));
        return EachInOrder.whileTrue(() -> {
                    Future<Framed> taken = take(frames.get(0));
                    return taken.map(followed -> {
                        if (followed == null) {
                            return false;
                        }
                        frames.set(0, read(followed));
                        return true;
                    });
                })
                .map(messages)
                .onFailure(failure -> {
                    if (incoming != null) {
                        incoming.discard();
                    }
                });
    }

    /** The messages are in. */
    void warnIfNearlyFull() {
        QuotaWarning.tell(
                session,
                Math.max(
                        percent(usage.octets() + octets, usage.octetLimit()),
                        percent(usage.messages() + messages.size(), usage.messageLimit())));
    }

    private static long percent(long used, long limit) {
        return limit == 0 ? 0 : 100 * used / limit;
    }

    private List<Step> read(Framed frame) {
        byte[] text = frame instanceof Begun begins ? begins.octets() : ((Whole) frame).octets();
        CommandReader reader = new CommandReader(text);
        List<Step> steps = grammar.read(reader);
        reader.end();
        return steps;
    }

    /** Does what a frame told; what came behind its literal, null when it had none and the command is over. */
    private Future<Framed> take(List<Step> steps) {
        Future<Framed> done = Future.succeededFuture();
        for (Step step : steps) {
            done = done.compose(nothing -> take(step));
        }
        return done;
    }

    private Future<Framed> take(Step step) {
        if (step instanceof Step.Begin begin) {
            begun = begin;
            incoming =
                    session.store().contents().receive(List.of(session.account().accountId()));
            size = 0;
            return Future.succeededFuture();
        }
        if (step instanceof Step.Octets sent) {
            return literal(sent.literal());
        }
        if (step instanceof Step.Url url) {
            return new CatenatedUrl(session, url.url())
                    .copy(this::expect, incoming::write)
                    .mapEmpty();
        }
        return whole().mapEmpty();
    }

    private Future<Framed> literal(Literal literal) {
        if (literal.size() == 0 && !begun.catenated()) {
            throw empty();
        }
        expect(literal.size());
        return session.input().message(piece -> write(literal, piece));
    }

    /** NUL is an octet of literal8 only. RFC 3501 §4.3, RFC 3516 §4.4 */
    private Future<Void> write(Literal literal, Buffer piece) {
        return !literal.binary() && Nuls.in(piece)
                ? Future.failedFuture(new No("CANNOT", "A NUL needs a literal8"))
                : incoming.write(piece);
    }

    private Future<Void> whole() {
        if (size == 0) {
            throw empty();
        }
        Step.Begin arguments = begun;
        return incoming.end().map(content -> {
            messages.add(new NewMessage(content, arguments.flags(), arguments.internalDate()));
            return null;
        });
    }

    /** The way to call off an APPEND, and no message otherwise either. RFC 3502 §6.3.11 */
    private static No empty() {
        return new No("", "A message has octets");
    }

    /** So many octets more: what can be known to fail fails now, before the first of them. */
    private void expect(long more) {
        ImapLimits limits = session.limits();
        octetsInMemory -= Math.min(size, Contents.MEMORY_OCTETS);
        size += more;
        octets += more;
        octetsInMemory += Math.min(size, Contents.MEMORY_OCTETS);
        if (size > limits.maxMessage()) {
            throw new No("TOOBIG", "Message larger than " + limits.maxMessage() + " octets");
        }
        if (usage.messageSizeLimit() > 0 && size > usage.messageSizeLimit()) {
            throw new No("TOOBIG", "Message larger than " + usage.messageSizeLimit() + " octets");
        }
        if (usage.octetLimit() > 0 && usage.octets() + octets > usage.octetLimit()
                || usage.messageLimit() > 0 && usage.messages() + messages.size() >= usage.messageLimit()) {
            throw new Refusal(Refusal.Kind.OVER_QUOTA, "Account is over its quota");
        }
        limits.messageLimit().mustHoldMoreThan(messages.size());
        if (messages.size() == limits.maxMessagesOfAppend()
                || !messages.isEmpty() && octetsInMemory > limits.maxAppendOctetsInMemory()) {
            throw new No("LIMIT", "Too many messages for one APPEND");
        }
    }
}
