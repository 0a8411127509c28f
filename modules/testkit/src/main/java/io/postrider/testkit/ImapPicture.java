package io.postrider.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An IMAP client that believes every untagged response, as caching clients do, and so has a picture of the selected mailbox.
 * It is strict: a sequence number that cannot be, an EXISTS that shrinks, or an EXPUNGE where RFC 3501 §7.4.1 forbids it is
 * an AssertionError.
 */
public final class ImapPicture implements AutoCloseable {
    private static final Pattern UNTAGGED = Pattern.compile("\\* (\\d+) (EXISTS|EXPUNGE|RECENT|FETCH)(?: (.*))?");
    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)}$", Pattern.DOTALL);
    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("\\bFLAGS \\(([^)]*)\\)");
    private static final Pattern MODSEQ = Pattern.compile("\\bMODSEQ \\((\\d+)\\)");

    private final TestClient client;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> answer = new ArrayList<>();
    private long highestModSeq;
    private int tag;

    /** A message as the client knows it; 0 and null where it has not been told. */
    private static final class Row {
        long uid;
        Set<String> flags;
    }

    /** Logs in; the client must be fresh from its greeting. */
    public ImapPicture(TestClient client, String name, String password) {
        this.client = client;
        client.line();
        ok("LOGIN " + name + " " + password);
    }

    public void select(String mailbox) {
        rows.clear();
        ok("SELECT " + mailbox);
        learn();
    }

    /** Sends a command that must succeed and gives all lines of the answer, literals within them, the tagged one last. */
    public List<String> ok(String command) {
        List<String> lines = command(command);
        String tagged = lines.get(lines.size() - 1);
        if (!tagged.startsWith("OK")) {
            throw new AssertionError(command + " was answered " + tagged);
        }
        return lines;
    }

    /** As {@link #ok}, whatever the tagged reply is. */
    public List<String> command(String command) {
        String mine = "p" + ++tag;
        client.sendRaw(mine + " " + command + "\r\n");
        answer.clear();
        boolean mayExpunge = !command.toUpperCase(Locale.ROOT).matches("(FETCH|STORE|SEARCH) .*");
        while (true) {
            String line = whole(client.line());
            if (line.startsWith(mine + " ")) {
                answer.add(line.substring(mine.length() + 1));
                return List.copyOf(answer);
            }
            answer.add(line);
            believe(line, mayExpunge);
        }
    }

    /** Appends a message and gives its UID. RFC 4315 */
    public long append(String mailbox, String flags, String message) {
        List<String> lines = ok("APPEND " + mailbox + " (" + flags + ") {" + message.length() + "+}\r\n" + message);
        Matcher uid = Pattern.compile("OK \\[APPENDUID \\d+ (\\d+)\\].*").matcher(lines.get(lines.size() - 1));
        if (!uid.matches()) {
            throw new AssertionError("no APPENDUID in " + lines);
        }
        return Long.parseLong(uid.group(1));
    }

    /** Asks for UID and flags of those messages it has only been told the existence of, be it in an answer to that. */
    public void learn() {
        for (int i = firstUnknown(); i < rows.size(); i = firstUnknown()) {
            ok("FETCH " + (i + 1) + ":" + rows.size() + " (UID FLAGS)");
            if (firstUnknown() == i) {
                // It has gone meanwhile, which FETCH may not tell. RFC 3501 §7.4.1
                ok("NOOP");
            }
        }
    }

    private int firstUnknown() {
        int first = 0;
        while (first < rows.size() && rows.get(first).uid != 0 && rows.get(first).flags != null) {
            first++;
        }
        return first;
    }

    /** Adds a flag by UID STORE .SILENT, and believes that it worked, as the client has asked not to be told. */
    public void addSilently(long uid, String flag) {
        rows.stream().filter(row -> row.uid == uid && row.flags != null).forEach(row -> row.flags.add(flag));
        ok("UID STORE " + uid + " +FLAGS.SILENT (" + flag + ")");
    }

    /** UID to flags, \Recent left out, as the client believes them. */
    public Map<Long, Set<String>> messages() {
        Map<Long, Set<String>> messages = new TreeMap<>();
        for (Row row : rows) {
            if (row.uid == 0 || row.flags == null) {
                throw new AssertionError("the client has not been told of message " + (messages.size() + 1));
            }
            messages.put(row.uid, row.flags);
        }
        return messages;
    }

    /** UIDs by sequence number. */
    public List<Long> uids() {
        return rows.stream().map(row -> row.uid).toList();
    }

    /** The highest MODSEQ seen in any FETCH or HIGHESTMODSEQ. */
    public long highestModSeq() {
        return highestModSeq;
    }

    @Override
    public void close() {
        client.close();
    }

    /** Puts a line together with the literals it announces. */
    private String whole(String first) {
        StringBuilder line = new StringBuilder(first);
        for (Matcher literal = LITERAL.matcher(first); literal.matches(); ) {
            String octets = new String(
                    client.octets(Integer.parseInt(literal.group(1))), java.nio.charset.StandardCharsets.ISO_8859_1);
            String rest = client.line();
            line.append("\r\n").append(octets).append(rest);
            literal = LITERAL.matcher(rest);
        }
        return line.toString();
    }

    private void believe(String line, boolean mayExpunge) {
        Matcher code = Pattern.compile("\\* OK \\[HIGHESTMODSEQ (\\d+)].*").matcher(line);
        if (code.matches()) {
            highestModSeq = Math.max(highestModSeq, Long.parseLong(code.group(1)));
        }
        Matcher untagged = UNTAGGED.matcher(line.lines().findFirst().orElse(""));
        if (!untagged.matches()) {
            return;
        }
        int number = Integer.parseInt(untagged.group(1));
        switch (untagged.group(2)) {
            case "EXISTS" -> {
                check(number >= rows.size(), line, "shrinks the mailbox from " + rows.size());
                while (rows.size() < number) {
                    rows.add(new Row());
                }
            }
            case "EXPUNGE" -> {
                check(mayExpunge, line, "came during a command that forbids it");
                check(number >= 1 && number <= rows.size(), line, "names none of " + rows.size() + " messages");
                rows.remove(number - 1);
            }
            case "FETCH" -> {
                check(number >= 1 && number <= rows.size(), line, "names none of " + rows.size() + " messages");
                believeFetch(rows.get(number - 1), line);
            }
            default -> {}
        }
    }

    private void believeFetch(Row row, String line) {
        Matcher uid = UID.matcher(line);
        if (uid.find()) {
            long told = Long.parseLong(uid.group(1));
            check(row.uid == 0 || row.uid == told, line, "renames UID " + row.uid);
            row.uid = told;
        }
        Matcher flags = FLAGS.matcher(line);
        if (flags.find()) {
            row.flags = Arrays.stream(flags.group(1).split(" "))
                    .filter(flag -> !flag.isEmpty() && !flag.equalsIgnoreCase("\\Recent"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        Matcher modSeq = MODSEQ.matcher(line);
        if (modSeq.find()) {
            highestModSeq = Math.max(highestModSeq, Long.parseLong(modSeq.group(1)));
        }
    }

    private static void check(boolean right, String line, String wrong) {
        if (!right) {
            throw new AssertionError(line + " " + wrong);
        }
    }
}
