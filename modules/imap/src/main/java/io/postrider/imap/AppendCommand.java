package io.postrider.imap;

import io.postrider.imap.Framed.Begun;
import io.postrider.store.Contents;
import io.postrider.store.Flags;
import io.postrider.store.IncomingMessage;
import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.Messages.Appended;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * APPEND, of one message (RFC 3501 §6.3.11) or several, all or none (RFC 3502). Parsed up to the first message's literal:
 * its octets, and the arguments of further messages, come while the command runs.
 *
 * <p>What can be refused is refused before octets come. Nothing is in the mailbox before the last octet is here.
 */
record AppendCommand(String name, Arguments first) implements Command {
    /** @param internalDate null for now */
    record Arguments(Flags flags, Instant internalDate, Literal literal) {}

    static Command parse(CommandReader reader) {
        reader.space();
        String name = reader.mailbox();
        return new AppendCommand(name, readArguments(reader));
    }

    /** Whether this is APPEND with its mailbox, so that the literal it ends in is a message, if it is anything. */
    static boolean endsInMessage(byte[] octets) {
        try {
            CommandReader reader = new CommandReader(octets);
            reader.tag();
            reader.space();
            if (!reader.takeWord("APPEND")) {
                return false;
            }
            reader.space();
            reader.astringOctets();
            reader.space();
            return true;
        } catch (BadSyntax e) {
            return false;
        }
    }

    private static Arguments readArguments(CommandReader reader) {
        reader.space();
        Flags flags = Flags.NONE;
        if (reader.peek() == '(') {
            flags = reader.flagList();
            reader.space();
        }
        Instant internalDate = null;
        if (reader.peek() == '"') {
            internalDate = reader.dateTime();
            reader.space();
        }
        return new Arguments(flags, internalDate, reader.literalToCome());
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        long accountId = session.account().accountId();
        var mailboxes = session.store().mailboxes();
        Future<Usage> usage = mailboxes.usage(accountId);
        return mailboxes
                .find(accountId, name)
                .map(found -> found.filter(Mailbox::selectable).orElseThrow(AppendCommand::tryCreate))
                .compose(mailbox -> usage.compose(used -> new Receipt(session, mailbox, used).run(first)));
    }

    private static No tryCreate() {
        return new No("TRYCREATE", "No such mailbox");
    }

    /** One APPEND underway. */
    private static final class Receipt {
        private final ImapSession session;
        private final Mailbox mailbox;
        private final Usage usage;
        private final List<NewMessage> messages = new ArrayList<>(1);
        private long octets;
        private long octetsInMemory;
        private IncomingMessage incoming;
        private Arguments next;

        Receipt(ImapSession session, Mailbox mailbox, Usage usage) {
            this.session = session;
            this.mailbox = mailbox;
            this.usage = usage;
        }

        Future<Completion> run(Arguments first) {
            next = first;
            return EachInOrder.whileTrue(this::receive).compose(all -> append()).onFailure(failure -> {
                if (incoming != null) {
                    incoming.discard();
                }
            });
        }

        /** Takes a message; whether there is another behind it. */
        private Future<Boolean> receive() {
            Arguments arguments = next;
            check(arguments.literal().size());
            IncomingMessage message =
                    session.store().contents().receive(List.of(session.account().accountId()));
            incoming = message;
            Function<Buffer, Future<Void>> taker = octets -> write(message, arguments.literal(), octets);
            return session.input().message(taker).compose(followed -> message.end()
                    .map(content -> {
                        messages.add(new NewMessage(content, arguments.flags(), arguments.internalDate()));
                        return followed(followed);
                    }));
        }

        /** NUL is an octet of literal8 only. RFC 3501 §4.3, RFC 3516 §4.4 */
        private static Future<Void> write(IncomingMessage message, Literal literal, Buffer octets) {
            return !literal.binary() && Nuls.in(octets)
                    ? Future.failedFuture(new No("CANNOT", "A NUL needs a literal8"))
                    : message.write(octets);
        }

        private boolean followed(Framed followed) {
            if (followed instanceof Begun begun) {
                next = readArguments(new CommandReader(begun.octets()));
                return true;
            }
            new CommandReader(((Framed.Whole) followed).octets()).end();
            return false;
        }

        /** What can be known to fail fails now, before the client sends a single octet. */
        private void check(long size) {
            ImapLimits limits = session.limits();
            octets += size;
            octetsInMemory += Math.min(size, Contents.MEMORY_OCTETS);
            if (size == 0) {
                // The way to call off an APPEND, and no message otherwise either. RFC 3502 §6.3.11
                throw new No("", "A message has octets");
            }
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
            if (messages.size() == limits.maxMessagesOfAppend()
                    || !messages.isEmpty() && octetsInMemory > limits.maxAppendOctetsInMemory()) {
                throw new No("LIMIT", "Too many messages for one APPEND");
            }
        }

        private Future<Completion> append() {
            return session.store()
                    .messages()
                    .append(mailbox.key(), messages)
                    .recover(failure -> Future.failedFuture(
                            failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.NONEXISTENT
                                    ? tryCreate()
                                    : failure))
                    .map(this::appended);
        }

        /** APPENDUID (RFC 4315 §3); a client that has the mailbox selected hears EXISTS before it. RFC 3501 §6.3.11 */
        private Completion appended(Appended appended) {
            SelectedMailbox selected = session.selected();
            if (selected != null && selected.key().equals(mailbox.key())) {
                selected.updates().hint(appended.modSeq());
            }
            return new Completion("APPENDUID " + appended.uidValidity() + " " + appended.uids(), "APPEND completed");
        }
    }
}
