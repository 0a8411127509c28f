package io.postrider.message;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads an address list, and makes the best of what is none. RFC 5322 §3.4, obsolete forms of §4.4 included
 *
 * <p>One pass without recursion. What people write wrong and is understood: semicolons between addresses, a missing
 * comma or angle bracket, a display name behind the address, a name without an address.
 */
final class AddressParser {
    private final String text;
    private final int limit;
    private final List<Address> addresses = new ArrayList<>();
    private int at;
    private boolean inGroup;

    // Of the address being read: its words so far, and where in them the local part and the last @ are.
    private final StringBuilder words = new StringBuilder();
    private int wordStart;
    private int localStart;
    private int atSign = -1;
    private boolean spaceBefore;
    private String comment;
    private boolean behindAngle;

    // Of what is within angle brackets.
    private final StringBuilder spec = new StringBuilder();
    private int specAtSign;
    private String route;

    private AddressParser(String text, int limit) {
        this.text = text;
        this.limit = limit;
    }

    /** At most {@code limit} addresses; one more where a group had to be closed. */
    static List<Address> parse(String text, int limit) {
        return new AddressParser(text, limit).parse();
    }

    private List<Address> parse() {
        while (at < text.length() && addresses.size() < limit) {
            step(text.charAt(at));
        }
        if (addresses.size() < limit) {
            finishAddress();
        }
        if (inGroup) {
            addresses.add(Address.GROUP_END);
        }
        if (addresses.isEmpty() && !text.isBlank()) {
            addresses.add(new Address(text.strip(), null, "", ""));
        }
        return addresses;
    }

    private void step(char c) {
        switch (c) {
            case ' ', '\t' -> {
                spaceBefore = true;
                at++;
            }
            case ',' -> {
                finishAddress();
                at++;
            }
            case ';' -> {
                finishAddress();
                closeGroup();
                at++;
            }
            case ':' -> {
                at++;
                colon();
            }
            case '<' -> angle();
            case '(' -> comment = comment();
            case '"' -> append(quoted());
            case '@' -> atSign();
            case '[' -> append(domainLiteral());
            default -> append(atom());
        }
    }

    private void closeGroup() {
        if (inGroup && addresses.size() < limit) {
            addresses.add(Address.GROUP_END);
            inGroup = false;
        }
    }

    private void colon() {
        if (inGroup || atSign >= 0 || behindAngle || words.length() == 0) {
            append(":");
            return;
        }
        addresses.add(Address.groupStart(words.toString()));
        inGroup = true;
        reset();
    }

    private void append(String word) {
        if (spaceBefore && words.length() > 0 && atSign != words.length() - 1) {
            words.append(' ');
            wordStart = words.length();
        }
        spaceBefore = false;
        words.append(word);
    }

    private void atSign() {
        if (atSign >= 0 && wordStart > atSign) {
            // A second address where no comma was: the words before belong to the first.
            String second = words.substring(wordStart);
            words.setLength(wordStart - 1);
            finishAddress();
            words.append(second);
        }
        localStart = wordStart;
        atSign = words.length();
        words.append('@');
        spaceBefore = false;
        at++;
    }

    private void finishAddress() {
        if (words.length() > 0 && !behindAngle) {
            addresses.add(atSign >= 0 ? bareAddress() : wordsOnly());
        }
        reset();
    }

    /** {@code jo@example.com (Jo)}, and {@code Jo jo@example.com} though it is wrong. */
    private Address bareAddress() {
        int domainEnd = words.indexOf(" ", atSign);
        if (domainEnd < 0) {
            domainEnd = words.length();
        }
        String around = (words.substring(0, localStart) + words.substring(domainEnd)).strip();
        return new Address(
                named(around.isEmpty() ? comment : around),
                null,
                words.substring(localStart, atSign),
                words.substring(atSign + 1, domainEnd));
    }

    private Address wordsOnly() {
        String all = words.toString();
        return all.indexOf(' ') < 0 ? new Address(named(comment), null, all, "") : new Address(all, null, "", "");
    }

    private void reset() {
        words.setLength(0);
        wordStart = 0;
        localStart = 0;
        atSign = -1;
        spaceBefore = false;
        comment = null;
        behindAngle = false;
    }

    private static String named(String name) {
        return name == null || name.isBlank() ? null : name.strip();
    }

    /** {@code <route:local@domain>}; without its closing bracket it ends at a comma or another opening bracket. */
    private void angle() {
        at++;
        spec.setLength(0);
        specAtSign = -1;
        route = null;
        while (at < text.length() && !endsAngle(text.charAt(at))) {
            stepInAngle(text.charAt(at));
        }
        if (at < text.length() && text.charAt(at) == '>') {
            at++;
        }
        String name = named(words.toString());
        addresses.add(
                specAtSign < 0
                        ? new Address(name, route, spec.toString(), "")
                        : new Address(name, route, spec.substring(0, specAtSign), spec.substring(specAtSign + 1)));
        reset();
        behindAngle = true;
    }

    private boolean endsAngle(char c) {
        return c == '>' || c == '<' || c == ',' && !inRoute();
    }

    private boolean inRoute() {
        return route == null && specAtSign == 0;
    }

    private void stepInAngle(char c) {
        switch (c) {
            case ' ', '\t' -> at++;
            case '"' -> spec.append(quoted());
            case '(' -> comment();
            case ':' -> {
                at++;
                if (inRoute()) {
                    route = spec.toString();
                    spec.setLength(0);
                    specAtSign = -1;
                } else {
                    spec.append(c);
                }
            }
            case '@' -> {
                at++;
                specAtSign = inRoute() ? 0 : spec.length();
                spec.append(c);
            }
            default -> {
                at++;
                spec.append(c);
            }
        }
    }

    private String atom() {
        int start = at;
        while (at < text.length() && " \t,;:<>(\"@[".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            at++;
            return "";
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                break;
            }
            content.append(c == '\\' && at < text.length() ? text.charAt(at++) : c);
        }
        return content.toString();
    }

    private String comment() {
        StringBuilder content = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '(' && depth++ == 0) {
                continue;
            }
            if (c == ')' && --depth == 0) {
                break;
            }
            content.append(c == '\\' && at < text.length() ? text.charAt(at++) : c);
        }
        return content.toString();
    }

    private String domainLiteral() {
        int close = text.indexOf(']', at);
        int end = close < 0 ? text.length() : close + 1;
        String literal = text.substring(at, end);
        at = end;
        return literal;
    }
}
