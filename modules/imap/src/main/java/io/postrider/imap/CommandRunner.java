package io.postrider.imap;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.imap.Command.Completion;
import io.postrider.imap.CommandTable.Entry;
import io.postrider.net.CommandTimers;
import io.postrider.net.Connection;
import io.postrider.net.sasl.AuthenticationException;
import io.postrider.store.Refusal;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one command from its octets to its tagged response. Here, and only here, failures become BAD and NO. */
final class CommandRunner {
    /** How a command ended, as the client is told. RFC 3501 §7.1 */
    enum Condition {
        OK,
        NO,
        BAD;

        /** In metrics. */
        final String outcome = name().toLowerCase(Locale.ROOT);
    }

    /**
     * A command's reply.
     *
     * @param tag "*" when the client's could not be read
     */
    private record Reply(String tag, Condition condition, String code, String text) {
        String line() {
            return tag + " " + condition + (code.isEmpty() ? "" : " [" + code + "]") + " " + oneLine() + "\r\n";
        }

        /** In metrics: what is our fault is told from what the client wished for in vain. */
        String outcome() {
            return OURS.contains(code) ? "failed" : condition.outcome;
        }

        /** The text may quote a client, who may have put line ends into a literal. */
        private String oneLine() {
            return text.replaceAll("[^ -~]", "?");
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    /** Response codes of what is our fault. RFC 5530 §3 */
    private static final Set<String> OURS = Set.of("UNAVAILABLE", "SERVERBUG");

    private final CommandTimers timers;

    CommandRunner(MeterRegistry metrics) {
        timers = new CommandTimers(metrics, "imap", CommandTable.names());
    }

    /** Runs a command and replies; never fails but for the connection. */
    Future<Condition> run(ImapSession session, byte[] octets) {
        long started = timers.begin(session.connection());
        CommandReader reader = new CommandReader(octets, session.names());
        Head head;
        try {
            head = head(reader, session);
        } catch (BadSyntax e) {
            return reply(session, null, new Reply("*", Condition.BAD, "", e.getMessage()), started);
        }
        if (head.refusal() != null) {
            return reply(session, head.entry(), failed(session, head, head.refusal()), started);
        }
        Command command;
        try {
            command = head.entry().parser().parse(reader);
            reader.end();
            session.connection().timeSpent().add(TimeSpent.On.PARSING, started);
        } catch (RuntimeException e) {
            return reply(session, head.entry(), failed(session, head, e), started);
        }
        return start(command, session)
                .map(completion -> new Reply(head.tag(), Condition.OK, completion.code(), completion.text()))
                .otherwise(failure -> failed(session, head, failure))
                .compose(reply -> flushUpdates(session, head, command.mayExpunge(), reply))
                .compose(reply -> reply(session, head.entry(), reply, started));
    }

    /**
     * Whether the command that begins so may go on, so that its literal is worth asking for; replies when it may not.
     */
    boolean mayGoOn(ImapSession session, byte[] octets) {
        try {
            Head head = head(new CommandReader(octets, session.names()), session);
            if (head.refusal() == null) {
                return true;
            }
            reply(session, head.entry(), failed(session, head, head.refusal()), timers.begin(session.connection()));
        } catch (BadSyntax e) {
            reply(session, null, new Reply("*", Condition.BAD, "", e.getMessage()), timers.begin(session.connection()));
        }
        return false;
    }

    /** Replies to what could not be framed. */
    void refuse(ImapSession session, Framed.Unreadable unreadable) {
        Reply reply = new Reply(
                unreadable.tag(), Condition.valueOf(unreadable.condition()), unreadable.code(), unreadable.text());
        reply(session, null, reply, timers.begin(session.connection()));
    }

    /**
     * A command's tag and name.
     *
     * @param entry null when there is no such command
     * @param refusal why it may not run, null when it may
     */
    private record Head(String tag, Entry entry, RuntimeException refusal) {}

    private static Head head(CommandReader reader, ImapSession session) {
        String tag = reader.tag();
        try {
            reader.space();
            String name = reader.word();
            if (name.equals("UID")) {
                reader.space();
                name = "UID " + reader.word();
            }
            Entry entry = CommandTable.find(name);
            if (entry == null) {
                return new Head(tag, null, new BadSyntax("Unknown command"));
            }
            return new Head(tag, entry, refusal(entry, session));
        } catch (BadSyntax e) {
            return new Head(tag, null, e);
        }
    }

    private static RuntimeException refusal(Entry entry, ImapSession session) {
        if (!entry.states().contains(session.state())) {
            return new BadSyntax(entry.name() + " is not allowed now");
        }
        if (entry.namesNumbers() && session.enabled(Extension.UIDONLY)) {
            return BadSyntax.uidRequired();
        }
        if (entry.tellsPassword() && !session.connection().passwordsAllowed()) {
            // LOGINDISABLED was advertised; asking for the literal would be asking for the password.
            // RFC 2595 §3.2; RFC 5530 §3
            return new No("PRIVACYREQUIRED", entry.name() + " needs TLS here");
        }
        return null;
    }

    private static Future<Completion> start(Command command, ImapSession session) {
        try {
            return command.run(session);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Whatever a command did or did not do, the client now hears what is new in its mailbox. RFC 3501 §7 */
    private static Future<Reply> flushUpdates(ImapSession session, Head head, boolean mayExpunge, Reply reply) {
        SelectedMailbox selected = session.selected();
        if (selected == null || reply.condition() == Condition.BAD || session.state() == ImapSession.State.LOGOUT) {
            return Future.succeededFuture(reply);
        }
        return selected.flushUpdates(mayExpunge && head.entry().mayExpunge())
                .map(reply)
                .otherwise(failure -> {
                    // What the command did is done; the news come with the next command.
                    failed(session, head, failure);
                    return reply;
                });
    }

    private Future<Condition> reply(ImapSession session, Entry entry, Reply reply, long started) {
        Connection connection = session.connection();
        timers.record(connection, entry == null ? "" : entry.name(), reply.outcome(), System.nanoTime() - started);
        if (connection.isClosed()) {
            return Future.failedFuture(new ClosedChannelException());
        }
        if (entry != null && entry.startsTls() && reply.condition() == Condition.OK) {
            return connection.startTls(reply.line(), session.input().unread()).map(reply.condition());
        }
        if (entry != null && entry.startsCompression() && reply.condition() == Condition.OK) {
            connection.deflate().begin(reply.line());
        } else if (entry != null && entry.endsCompression() && reply.condition() == Condition.OK) {
            connection.deflate().end(reply.line());
        } else {
            connection.write(reply.line());
        }
        return connection.drained().map(reply.condition());
    }

    private static Reply failed(ImapSession session, Head head, Throwable failure) {
        if (failure instanceof BadSyntax bad) {
            return new Reply(head.tag(), Condition.BAD, bad.code(), bad.getMessage());
        }
        if (failure instanceof No no) {
            return no(head, no.code(), no.getMessage());
        }
        if (failure instanceof Refusal refusal) {
            return no(head, code(refusal.kind()), refusal.getMessage());
        }
        if (failure instanceof AuthenticationException authentication) {
            return failedLogin(session, head, authentication);
        }
        if (failure instanceof StoreUnavailableException) {
            return no(head, "UNAVAILABLE", "The mail store cannot be reached now");
        }
        if (!session.connection().isClosed()) {
            session.connection()
                    .tell(LOG.atError())
                    .addKeyValue("command", head.entry().name())
                    .setCause(failure)
                    .log("command failed");
        }
        return no(head, "SERVERBUG", "Internal error");
    }

    /** News could not be told between commands, and will be tried again; nobody waits for an answer. */
    static void newsFailed(ImapSession session, Throwable failure) {
        boolean expected = failure instanceof StoreUnavailableException || failure instanceof Refusal;
        if (!expected && !session.connection().isClosed()) {
            session.connection().tell(LOG.atError()).setCause(failure).log("news failed");
        }
    }

    private static Reply failedLogin(ImapSession session, Head head, AuthenticationException failure) {
        session.loginFailed();
        return switch (failure.kind()) {
            case INVALID -> no(head, "AUTHENTICATIONFAILED", failure.getMessage());
            case FORBIDDEN -> no(head, "AUTHORIZATIONFAILED", failure.getMessage());
            case TOO_MANY -> no(head, "UNAVAILABLE", "Too many failed logins, try again later");
            case NO_MECHANISM ->
                no(head, session.connection().passwordsAllowed() ? "" : "PRIVACYREQUIRED", failure.getMessage());
            case MALFORMED, CANCELLED -> new Reply(head.tag(), Condition.BAD, "", failure.getMessage());
        };
    }

    private static Reply no(Head head, String code, String text) {
        return new Reply(head.tag(), Condition.NO, code, text);
    }

    /** RFC 5530 §3; HASCHILDREN is RFC 9051's. */
    private static String code(Refusal.Kind kind) {
        return switch (kind) {
            case NONEXISTENT -> "NONEXISTENT";
            case ALREADY_EXISTS -> "ALREADYEXISTS";
            case OVER_QUOTA -> "OVERQUOTA";
            case TOO_BIG -> "TOOBIG";
            case LIMIT, TOO_MANY_SESSIONS, TOO_FAST -> "LIMIT";
            case FORBIDDEN -> "AUTHORIZATIONFAILED";
            case CANNOT -> "CANNOT";
            case HAS_CHILDREN -> "HASCHILDREN";
            case SUSPENDED, MOVED -> "CONTACTADMIN";
            case EXPUNGED -> "EXPUNGEISSUED";
        };
    }
}
