package io.postrider.imap;

import io.postrider.imap.ImapSession.State;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Every command: when it is allowed, what may come with its end, and who parses it. RFC 3501 §6 */
final class CommandTable {
    /** Reads the arguments, from the space before the first of them. */
    @FunctionalInterface
    interface Parser {
        Command parse(CommandReader reader);
    }

    /**
     * @param mayExpunge whether EXPUNGE may be sent at its end: not where sequence numbers are in use (RFC 3501 §7.4.1)
     *     or being learned
     */
    record Entry(String name, Set<State> states, boolean mayExpunge, Parser parser) {
        /** Whether it names messages by sequence number, or tells such. */
        boolean namesNumbers() {
            return BY_NUMBER.contains(name);
        }

        /** Whether TLS begins behind its tagged OK. */
        boolean startsTls() {
            return name.equals("STARTTLS");
        }

        /** Whether compression begins behind its tagged OK. */
        boolean startsCompression() {
            return name.equals("COMPRESS");
        }

        /** Whether compression, if there is any, ends behind its tagged OK. */
        boolean endsCompression() {
            return name.equals("UNAUTHENTICATE");
        }

        /** Whether a password comes with it in the clear. */
        boolean tellsPassword() {
            return name.equals("LOGIN");
        }
    }

    private static final Set<String> BY_NUMBER =
            Set.of("SEARCH", "SORT", "THREAD", "FETCH", "STORE", "COPY", "MOVE", "REPLACE");
    private static final Set<State> ANY = Set.of(State.NOT_AUTHENTICATED, State.AUTHENTICATED, State.SELECTED);
    private static final Set<State> NOT_AUTHENTICATED = Set.of(State.NOT_AUTHENTICATED);
    private static final Set<State> AUTHENTICATED = Set.of(State.AUTHENTICATED, State.SELECTED);
    private static final Set<State> SELECTED = Set.of(State.SELECTED);

    private static final Map<String, Entry> ENTRIES = new HashMap<>();

    static {
        add("CAPABILITY", ANY, CapabilityCommand::parse);
        add("LOGOUT", ANY, LogoutCommand::parse);
        add("ID", ANY, IdCommand::parse);
        add("STARTTLS", NOT_AUTHENTICATED, StartTlsCommand::parse);
        add("AUTHENTICATE", NOT_AUTHENTICATED, AuthenticateCommand::parse);
        add("LOGIN", NOT_AUTHENTICATED, LoginCommand::parse);
        add("ENABLE", AUTHENTICATED, EnableCommand::parse);
        add("COMPRESS", AUTHENTICATED, CompressCommand::parse);
        add("UNAUTHENTICATE", AUTHENTICATED, UnauthenticateCommand::parse);
        add("NAMESPACE", AUTHENTICATED, NamespaceCommand::parse);
        add("CREATE", AUTHENTICATED, CreateCommand::parse);
        add("DELETE", AUTHENTICATED, DeleteCommand::parse);
        add("RENAME", AUTHENTICATED, RenameCommand::parse);
        add("SUBSCRIBE", AUTHENTICATED, SubscribeCommand::parseSubscribe);
        add("UNSUBSCRIBE", AUTHENTICATED, SubscribeCommand::parseUnsubscribe);
        add("LIST", AUTHENTICATED, ListCommand::parse);
        add("LSUB", AUTHENTICATED, LsubCommand::parse);
        add("STATUS", AUTHENTICATED, StatusCommand::parse);
        add("GETQUOTA", AUTHENTICATED, QuotaCommand::parseGet);
        add("GETQUOTAROOT", AUTHENTICATED, QuotaCommand::parseGetRoot);
        add("SETQUOTA", AUTHENTICATED, QuotaCommand::parseSet);
        add("APPEND", AUTHENTICATED, AppendCommand::parse);
        addBothWays("REPLACE", true, ReplaceCommand::parse);
    }

    static {
        add("NOOP", ANY, NoopCommand::parse);
        // What goes just now is told with the next command: the client is still learning how many messages there are.
        add("SELECT", AUTHENTICATED, false, SelectCommand::select);
        add("EXAMINE", AUTHENTICATED, false, SelectCommand::examine);
        add("NOTIFY", AUTHENTICATED, NotifyCommand::parse);
        add("IDLE", AUTHENTICATED, IdleCommand::parse);
        add("CHECK", SELECTED, CheckCommand::parse);
        add("CLOSE", SELECTED, CloseCommand::parse);
        add("UNSELECT", SELECTED, UnselectCommand::parse);
        add("EXPUNGE", SELECTED, ExpungeCommand::parse);
        add("UID EXPUNGE", SELECTED, ExpungeCommand::parseUid);
        addBothWays("SEARCH", false, SearchCommand::parse);
        addBothWays("SORT", false, SortCommand::parse);
        addBothWays("THREAD", false, ThreadCommand::parse);
        add("CANCELUPDATE", SELECTED, CancelUpdateCommand::parse);
        addBothWays("FETCH", false, FetchCommand::parse);
        addBothWays("STORE", false, StoreCommand::parse);
        // RFC 3501 would allow EXPUNGE here, but clients send COPY 5 and STORE 5 +FLAGS (\Deleted) in one go.
        addBothWays("COPY", false, CopyCommand::parse);
        addBothWays("MOVE", true, MoveCommand::parse);
    }

    private CommandTable() {}

    /** Null when there is no such command. */
    static Entry find(String name) {
        return ENTRIES.get(name);
    }

    /** All names, for metrics. */
    static Set<String> names() {
        return ENTRIES.keySet();
    }

    private static void add(String name, Set<State> states, Parser parser) {
        add(name, states, true, parser);
    }

    private static void add(String name, Set<State> states, boolean mayExpunge, Parser parser) {
        ENTRIES.put(name, new Entry(name, states, mayExpunge, parser));
    }

    /** A command that names messages by sequence number, and behind UID by UID: then EXPUNGE may be sent at its end. */
    private static void addBothWays(
            String name, boolean mayExpungeByNumber, BiFunction<CommandReader, Boolean, Command> parser) {
        add(name, SELECTED, mayExpungeByNumber, reader -> parser.apply(reader, false));
        add("UID " + name, SELECTED, true, reader -> parser.apply(reader, true));
    }
}
