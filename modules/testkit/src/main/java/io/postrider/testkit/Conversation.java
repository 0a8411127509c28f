package io.postrider.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A conversation that anyone can read, held with a real server.
 *
 * <pre>
 * # a remark
 * C: a1 SELECT INBOX          sent with CRLF; "C:" alone sends an empty line
 * C+ octets\r\n               sent as they are; \r \n \t \0 \\ and \xHH are understood
 * S: * 3 EXISTS               the next line must be just this
 * S: /\* OK \[UIDNEXT (?&lt;next&gt;\d+)\].*&#47;   or match this; named groups are kept, and ${next} stands for them from then on
 * S* * FLAGS (\Seen)          a run of these may come in any order; each may be a /pattern/ too
 * S~                          passes over all lines up to the one that the next "S:" wants
 * TLS                         does the handshake
 * DEFLATE                     compresses from now on, both ways
 * PLAIN                       compresses no more
 * 2C: / 2S:                   the same for a second client, given as the second argument of run
 * CLOSED                      the server closes
 * </pre>
 */
public final class Conversation {
    private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    private final String name;
    private final List<String> steps;
    private final Map<String, String> variables = new HashMap<>();

    private Conversation(String name, String text) {
        this.name = name;
        this.steps = text.lines().toList();
    }

    /** Reads {@code name} beside the class. */
    public static Conversation load(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no conversation " + name + " beside " + beside.getName());
            }
            return new Conversation(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Conversation of(String text) {
        return new Conversation("conversation", text);
    }

    /** What its remarks say behind these words. */
    public List<String> remarks(String beginning) {
        String start = "# " + beginning;
        return steps.stream()
                .filter(step -> step.startsWith(start))
                .map(step -> step.substring(start.length()))
                .toList();
    }

    /** Sets what <code>${variable}</code> stands for. */
    public Conversation with(String variable, Object value) {
        variables.put(variable, String.valueOf(value));
        return this;
    }

    /** Holds it; an AssertionError names the line where the server said something else. */
    public void run(TestClient... clients) {
        boolean skipping = false;
        for (int at = 0; at < steps.size(); at++) {
            String step = steps.get(at);
            if (step.isBlank() || step.startsWith("#")) {
                continue;
            }
            TestClient client = clients[0];
            if (Character.isDigit(step.charAt(0))) {
                client = clients[step.charAt(0) - '1'];
                step = step.substring(1);
            }
            String argument = step.length() > 3 ? step.substring(3) : "";
            if (step.startsWith("C:")) {
                client.sendRaw(octets(substitute(argument) + "\r\n"));
            } else if (step.startsWith("C+")) {
                client.sendRaw(octets(unescape(substitute(argument))));
            } else if (step.startsWith("S~")) {
                skipping = true;
            } else if (step.startsWith("S:")) {
                expect(client, argument, at, skipping);
                skipping = false;
            } else if (step.startsWith("S*")) {
                at = expectInAnyOrder(client, at);
            } else if (step.equals("TLS")) {
                client.startTls();
            } else if (step.equals("DEFLATE")) {
                client.compress();
            } else if (step.equals("PLAIN")) {
                client.endCompression();
            } else if (step.equals("CLOSED")) {
                String rest = client.expectClosed();
                check(rest.isEmpty(), at, "the server closes", rest);
            } else {
                throw new IllegalArgumentException(name + ":" + (at + 1) + ": no such step: " + step);
            }
        }
    }

    private void expect(TestClient client, String expected, int at, boolean skipping) {
        String line = read(client, at, expected);
        while (skipping && !matches(expected, line)) {
            line = read(client, at, expected);
        }
        check(matches(expected, line), at, expected, line);
    }

    private int expectInAnyOrder(TestClient client, int start) {
        String prefix = steps.get(start).substring(0, steps.get(start).indexOf('*') + 1);
        List<String> expected = new ArrayList<>();
        int at = start;
        while (at < steps.size() && steps.get(at).startsWith(prefix)) {
            String step = steps.get(at);
            expected.add(step.length() > prefix.length() ? step.substring(prefix.length() + 1) : "");
            at++;
        }
        for (int left = expected.size(); left > 0; left--) {
            String line = read(client, start, String.join("\n    ", expected));
            String found =
                    expected.stream().filter(e -> matches(e, line)).findFirst().orElse(null);
            check(found != null, start, "one of\n    " + String.join("\n    ", expected), line);
            expected.remove(found);
        }
        return at - 1;
    }

    private String read(TestClient client, int at, String expected) {
        try {
            return new String(client.line().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        } catch (RuntimeException e) {
            throw new AssertionError(
                    name + ":" + (at + 1) + ": expected\n    " + expected + "\nbut " + e.getMessage(), e);
        }
    }

    private boolean matches(String expected, String line) {
        if (expected.length() < 2 || !expected.startsWith("/") || !expected.endsWith("/")) {
            return substitute(expected).equals(line);
        }
        String pattern = substitute(expected.substring(1, expected.length() - 1));
        Matcher matcher = Pattern.compile(pattern).matcher(line);
        if (!matcher.matches()) {
            return false;
        }
        Matcher groups = NAMED_GROUP.matcher(pattern);
        while (groups.find()) {
            variables.put(groups.group(1), matcher.group(groups.group(1)));
        }
        return true;
    }

    private void check(boolean right, int at, String expected, String line) {
        if (!right) {
            throw new AssertionError(name + ":" + (at + 1) + ": expected\n    " + substitute(expected)
                    + "\nbut the server said\n    " + line);
        }
    }

    private String substitute(String text) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String value = variables.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException(name + ": nothing is known as " + found.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                plain.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            switch (escaped) {
                case 'r' -> plain.append('\r');
                case 'n' -> plain.append('\n');
                case 't' -> plain.append('\t');
                case '0' -> plain.append('\0');
                case 'x' -> {
                    plain.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> plain.append(escaped);
            }
        }
        return plain.toString();
    }
}
