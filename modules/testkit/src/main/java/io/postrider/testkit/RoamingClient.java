package io.postrider.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A client with a cache of one mailbox: it believes every untagged response, loses its connection at the worst moments, and
 * comes back with what it knows. It goes by MODSEQs just as RFC 7162 §6 tells clients to, so what a server fails to tell
 * it before it has said that all is told, it misses for good.
 */
public final class RoamingClient implements AutoCloseable {
    /** What it enables. */
    public enum Kind {
        PLAIN(""),
        UIDONLY("UIDONLY"),
        QRESYNC("QRESYNC"),
        QRESYNC_UIDONLY("QRESYNC UIDONLY");

        private final String enabled;

        Kind(String enabled) {
            this.enabled = enabled;
        }

        boolean resyncs() {
            return enabled.contains("QRESYNC");
        }

        /** Whether it knows no sequence numbers. */
        public boolean uidOnly() {
            return enabled.contains("UIDONLY");
        }
    }

    private static final Pattern NUMBERED = Pattern.compile("\\* (\\d+) (EXISTS|EXPUNGE|FETCH|UIDFETCH)(?: (.*))?");
    private static final Pattern VANISHED = Pattern.compile("\\* VANISHED (\\(EARLIER\\) )?(\\S+)");
    private static final Pattern HIGHEST = Pattern.compile("\\S+ OK \\[HIGHESTMODSEQ (\\d+)].*");
    private static final Pattern VALIDITY = Pattern.compile("\\* OK \\[UIDVALIDITY (\\d+)].*");
    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)}$", Pattern.DOTALL);
    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("\\bFLAGS \\(([^)]*)\\)");
    private static final Pattern MODSEQ = Pattern.compile("\\bMODSEQ \\((\\d+)\\)");

    /** Of the conversation. */
    private static final int REMEMBERED_LINES = 60;

    private final Supplier<TestClient> connect;
    private final Kind kind;
    private final String login;
    private final String mailbox;

    private TestClient client;
    private int tag;
    private boolean selecting;
    private int exists;
    private final List<Row> rows = new ArrayList<>();

    private final ArrayDeque<String> conversation = new ArrayDeque<>();
    private String uidValidity = "";
    private long cursor;
    private long seenModSeq;
    private long toldModSeq;

    /** A message as the client knows it; 0 and null where it has not been told. */
    private static final class Row {
        long uid;
        Set<String> flags;
    }

    /** Connects, and selects the mailbox. */
    public RoamingClient(Supplier<TestClient> connect, Kind kind, String login, String mailbox) {
        this.connect = connect;
        this.kind = kind;
        this.login = login;
        this.mailbox = mailbox;
        comeBack(0);
    }

    public Kind kind() {
        return kind;
    }

    /**
     * Loses its connection.
     *
     * @param command sent just before, whatever becomes of it
     * @param lines of the answer that still get through
     */
    public void breakOff(String command, int lines) {
        String mine = "b" + ++tag;
        remember("BREAKS OFF AFTER " + command);
        client.sendRaw(mine + " " + command + "\r\n");
        boolean mayExpunge = !command.matches("(FETCH|STORE|SEARCH) .*");
        for (int i = 0; i < lines; i++) {
            String line = whole(client.line());
            if (line.startsWith(mine + " ")) {
                break;
            }
            believe(line, mayExpunge);
        }
        client.close();
    }

    /**
     * Connects anew and selects the mailbox, telling what it knows of it.
     *
     * @param dice how much it tells: of 0 to 3
     */
    public void comeBack(int dice) {
        // What came without its tagged reply does not count.
        seenModSeq = 0;
        toldModSeq = 0;
        client = connect.get();
        client.line();
        ok("LOGIN " + login);
        if (!kind.enabled.isEmpty()) {
            ok("ENABLE " + kind.enabled);
        }
        boolean resyncs = kind.resyncs() && cursor > 0;
        forgetUnknown(resyncs);
        String known = resyncs ? " (QRESYNC (" + uidValidity + " " + cursor + knowledge(dice) + "))" : "";
        selecting = true;
        String before = uidValidity;
        ok("SELECT " + mailbox + known);
        selected();
        check(before.isEmpty() || before.equals(uidValidity), mailbox, "has got another UIDVALIDITY");
        learn();
    }

    /** Sequence numbers can only be told from what is known without a gap. */
    private void forgetUnknown(boolean resyncs) {
        boolean gap = !resyncs;
        for (Iterator<Row> each = rows.iterator(); each.hasNext(); ) {
            boolean unknown = isUnknown(each.next());
            gap |= unknown && !kind.uidOnly();
            if (unknown || gap) {
                each.remove();
            }
        }
    }

    private String knowledge(int dice) {
        if (rows.isEmpty() || dice == 0) {
            return "";
        }
        String uids = rows.stream().map(row -> String.valueOf(row.uid)).collect(Collectors.joining(","));
        if (dice == 1 || kind.uidOnly()) {
            return " " + uids;
        }
        List<Integer> numbers = new ArrayList<>();
        for (int number = 1; number <= rows.size(); number += 1 + number / dice) {
            numbers.add(number);
        }
        return " " + (dice == 2 ? uids + " " : "") + "("
                + numbers.stream().map(String::valueOf).collect(Collectors.joining(","))
                + " "
                + numbers.stream()
                        .map(number -> String.valueOf(rows.get(number - 1).uid))
                        .collect(Collectors.joining(","))
                + ")";
    }

    /** Sends a command that must succeed; all lines of the answer, the tagged one last and without its tag. */
    public List<String> ok(String command) {
        List<String> lines = command(command);
        String tagged = lines.get(lines.size() - 1);
        check(tagged.startsWith("OK"), command, "was answered " + tagged);
        return lines;
    }

    /** As {@link #ok}, whatever the tagged reply is. */
    public List<String> command(String command) {
        String mine = "r" + ++tag;
        remember(mine + " " + command);
        client.sendRaw(mine + " " + command + "\r\n");
        return answer(mine, !command.matches("(FETCH|STORE|SEARCH) .*"));
    }

    /** Idles as long as news come at least so often. */
    public void idle(int millis) {
        String mine = "i" + ++tag;
        client.sendRaw(mine + " IDLE\r\n");
        String first = client.line();
        check(first.startsWith("+"), first, "is no leave to idle");
        while (client.hasInput(millis)) {
            believe(whole(client.line()), true);
        }
        client.sendRaw("DONE\r\n");
        answer(mine, true);
    }

    private List<String> answer(String mine, boolean mayExpunge) {
        List<String> answer = new ArrayList<>();
        while (true) {
            String line = whole(client.line());
            if (!line.startsWith(mine + " ")) {
                answer.add(line);
                believe(line, mayExpunge);
                continue;
            }
            Matcher highest = HIGHEST.matcher(line);
            if (highest.matches()) {
                toldModSeq = Long.parseLong(highest.group(1));
            }
            moveCursor();
            answer.add(line.substring(mine.length() + 1));
            return answer;
        }
    }

    /** Only with a tagged reply, and what the server says goes before what was seen. RFC 7162 §6 */
    private void moveCursor() {
        cursor = toldModSeq > 0 ? toldModSeq : Math.max(cursor, seenModSeq);
        toldModSeq = 0;
        seenModSeq = 0;
    }

    /** Asks for what it has only been told the existence of, and for no more: what else it knows must be right already. */
    public void learn() {
        int first = 0;
        while (first < rows.size() && !isUnknown(rows.get(first))) {
            first++;
        }
        if (first == rows.size()) {
            return;
        }
        if (!kind.uidOnly()) {
            ok("FETCH " + (first + 1) + ":" + rows.size() + " (UID FLAGS)");
            return;
        }
        long highest = rows.stream().mapToLong(row -> row.uid).max().orElse(0);
        ok("UID FETCH " + (highest + 1) + ":* (FLAGS)");
        if (highest > 0 && rows.stream().anyMatch(RoamingClient::isUnknown)) {
            // One that came later was told of first.
            ok("UID FETCH 1:" + highest + " (FLAGS)");
        }
    }

    /** Whether it has been told UID and flags of each message. */
    public boolean knowsAll() {
        return rows.stream().noneMatch(RoamingClient::isUnknown);
    }

    private static boolean isUnknown(Row row) {
        return row.uid == 0 || row.flags == null;
    }

    /** UID to flags, \Recent left out, as the client believes them. */
    public Map<Long, Set<String>> messages() {
        Map<Long, Set<String>> messages = new TreeMap<>();
        for (Row row : rows) {
            check(row.uid > 0 && row.flags != null, "the client", "has not been told of each message");
            messages.put(row.uid, row.flags);
        }
        return messages;
    }

    /** UIDs by sequence number, 0 for one not told yet. */
    public List<Long> uids() {
        return rows.stream().map(row -> row.uid).toList();
    }

    @Override
    public void close() {
        client.close();
    }

    private String whole(String first) {
        StringBuilder line = new StringBuilder(first);
        for (Matcher literal = LITERAL.matcher(first); literal.matches(); ) {
            String octets = new String(client.octets(Integer.parseInt(literal.group(1))), StandardCharsets.ISO_8859_1);
            String rest = client.line();
            line.append("\r\n").append(octets).append(rest);
            literal = LITERAL.matcher(rest);
        }
        remember("    " + line);
        return line.toString();
    }

    private void believe(String line, boolean mayExpunge) {
        Matcher highest = HIGHEST.matcher(line);
        if (highest.matches()) {
            toldModSeq = Long.parseLong(highest.group(1));
        }
        Matcher validity = VALIDITY.matcher(line);
        if (validity.matches()) {
            uidValidity = validity.group(1);
        }
        Matcher vanished = VANISHED.matcher(line);
        if (vanished.matches()) {
            check(kind.enabled.length() > 0, line, "is not known to this client");
            believeVanished(line, vanished.group(1) != null, vanished.group(2), mayExpunge);
        }
        Matcher numbered = NUMBERED.matcher(line.lines().findFirst().orElse(""));
        if (numbered.matches()) {
            believeNumbered(line, Long.parseLong(numbered.group(1)), numbered.group(2), mayExpunge);
        }
    }

    private void believeVanished(String line, boolean earlier, String set, boolean mayExpunge) {
        check(earlier || mayExpunge, line, "came during a command that forbids it");
        check(earlier || !selecting, line, "came before the mailbox was selected");
        for (String range : set.split(",")) {
            String[] ends = range.split(":");
            long last = Long.parseLong(ends[ends.length - 1]);
            for (long uid = Long.parseLong(ends[0]); uid <= last; uid++) {
                long gone = uid;
                boolean known = rows.removeIf(row -> row.uid == gone);
                if (!known && !earlier) {
                    Row unknown = unknownAt(uid);
                    check(unknown != null, line, "names UID " + uid + ", of which the client has not heard");
                    rows.remove(unknown);
                }
            }
        }
    }

    /**
     * One whose UID has not been told; null when there is none. Where there are sequence numbers, it stands between those below
     * and those above this one.
     */
    private Row unknownAt(long uid) {
        Row unknown = null;
        for (Row row : rows) {
            if (row.uid == 0) {
                unknown = unknown == null ? row : unknown;
            } else if (!kind.uidOnly() && row.uid < uid) {
                unknown = null;
            } else if (!kind.uidOnly()) {
                break;
            }
        }
        return unknown;
    }

    private void believeNumbered(String line, long number, String what, boolean mayExpunge) {
        if (selecting && !what.equals("EXISTS")) {
            selected();
        }
        switch (what) {
            case "EXISTS" -> {
                exists = (int) number;
                if (!selecting) {
                    check(number >= rows.size(), line, "shrinks the mailbox from " + rows.size());
                    fillUp();
                }
            }
            case "EXPUNGE" -> {
                check(kind == Kind.PLAIN && mayExpunge, line, "came where it may not");
                check(number >= 1 && number <= rows.size(), line, "names none of " + rows.size());
                rows.remove((int) number - 1);
            }
            case "FETCH" -> {
                check(!kind.uidOnly(), line, "names a sequence number");
                check(number >= 1 && number <= rows.size(), line, "names none of " + rows.size());
                Row row = rows.get((int) number - 1);
                Matcher uid = UID.matcher(line);
                if (uid.find()) {
                    long told = Long.parseLong(uid.group(1));
                    check(row.uid == 0 || row.uid == told, line, "renames UID " + row.uid);
                    row.uid = told;
                }
                believeFetch(row, line);
            }
            default -> {
                check(kind.uidOnly(), line, "is not known to this client");
                believeFetch(rowOf(number, line), line);
            }
        }
    }

    /** A row by UID; one that is new stands for one of which only the existence was told. */
    private Row rowOf(long uid, String line) {
        for (Row row : rows) {
            if (row.uid == uid) {
                return row;
            }
        }
        Row unknown = unknownAt(uid);
        check(unknown != null, line, "is of a message that the client has not heard of");
        unknown.uid = uid;
        return unknown;
    }

    /** All has been told of what was cached: the rest is new. */
    private void selected() {
        if (selecting) {
            selecting = false;
            check(rows.size() <= exists, mailbox, "has " + exists + " messages, but " + rows.size() + " in the cache");
            fillUp();
        }
    }

    private void fillUp() {
        while (rows.size() < exists) {
            rows.add(new Row());
        }
    }

    private void believeFetch(Row row, String line) {
        Matcher flags = FLAGS.matcher(line);
        if (flags.find()) {
            row.flags = Arrays.stream(flags.group(1).split(" "))
                    .filter(flag -> !flag.isEmpty() && !flag.equalsIgnoreCase("\\Recent"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        Matcher modSeq = MODSEQ.matcher(line);
        if (modSeq.find()) {
            seenModSeq = Math.max(seenModSeq, Long.parseLong(modSeq.group(1)));
        }
    }

    /** The last lines, for who wants to know how it came to this. */
    public String conversation() {
        return String.join("\n", conversation);
    }

    private void remember(String line) {
        conversation.addLast(line.length() > 200 ? line.substring(0, 200) + "..." : line);
        if (conversation.size() > REMEMBERED_LINES) {
            conversation.removeFirst();
        }
    }

    private void check(boolean right, String what, String wrong) {
        if (!right) {
            throw new AssertionError(kind + ": " + what + " " + wrong + "\n" + conversation());
        }
    }
}
