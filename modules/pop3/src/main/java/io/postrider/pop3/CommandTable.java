package io.postrider.pop3;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The commands and the states each is allowed in. RFC 1939 §3 */
final class CommandTable {
    /** How an unknown keyword is named in metrics. */
    static final String OTHER = "other";

    enum State {
        AUTHORIZATION,
        TRANSACTION
    }

    /** A line taken apart. */
    record Line(String keyword, String arguments) {}

    private record Entry(Set<State> states, Command.Parser parser) {}

    private static final Set<State> BEFORE_LOGIN = EnumSet.of(State.AUTHORIZATION);
    private static final Set<State> AFTER_LOGIN = EnumSet.of(State.TRANSACTION);
    private static final Set<State> ANY = EnumSet.allOf(State.class);

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    CommandTable() {
        add("CAPA", ANY, CapaCommand::parse);
        add("QUIT", ANY, QuitCommand::parse);
        add("STLS", BEFORE_LOGIN, StlsCommand::parse);
        add("USER", BEFORE_LOGIN, UserCommand::parse);
        add("PASS", BEFORE_LOGIN, PassCommand::parse);
        add("AUTH", BEFORE_LOGIN, AuthCommand::parse);
        add("STAT", AFTER_LOGIN, StatCommand::parse);
        add("LIST", AFTER_LOGIN, ListCommand::parse);
        add("UIDL", AFTER_LOGIN, UidlCommand::parse);
        add("RETR", AFTER_LOGIN, RetrCommand::parse);
        add("TOP", AFTER_LOGIN, TopCommand::parse);
        add("DELE", AFTER_LOGIN, DeleCommand::parse);
        add("RSET", AFTER_LOGIN, RsetCommand::parse);
        add("NOOP", AFTER_LOGIN, NoopCommand::parse);
    }

    Set<String> keywords() {
        return entries.keySet();
    }

    /** The keyword in upper case, {@link #OTHER} when unknown; the arguments as they are, for PASS may end in spaces. */
    Line read(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        int space = text.indexOf(' ');
        String keyword = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
        return new Line(entries.containsKey(keyword) ? keyword : OTHER, space < 0 ? "" : text.substring(space + 1));
    }

    Command parse(Line line, State state) {
        Entry entry = entries.get(line.keyword());
        if (entry == null) {
            throw Refused.bad("Unknown command");
        }
        if (!entry.states.contains(state)) {
            throw Refused.bad(state == State.AUTHORIZATION ? "Log in first" : "Already logged in");
        }
        return entry.parser.parse(line.arguments());
    }

    static void requireNone(String arguments) {
        if (!arguments.isBlank()) {
            throw Refused.bad("No arguments expected");
        }
    }

    /** A non-negative number of at most nine digits. */
    static int number(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Refused.bad("Number expected");
        }
        return Integer.parseInt(text);
    }

    private void add(String keyword, Set<State> states, Command.Parser parser) {
        entries.put(keyword, new Entry(states, parser));
    }
}
