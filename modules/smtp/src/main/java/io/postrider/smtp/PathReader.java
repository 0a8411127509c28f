package io.postrider.smtp;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what follows {@code MAIL} and {@code RCPT}: a path and parameters. RFC 5321 §4.1.2, with the letters beyond ASCII
 * of RFC 6531 §3.3; whether those may be used here the command decides.
 *
 * <p>What it lets through holds no control character, so it can be written into a header field or a log as it is.
 */
final class PathReader {
    /** RFC 5321 §4.5.3.1.1 */
    static final int MAX_LOCAL_PART = 64;
    /** RFC 5321 §4.5.3.1.2 */
    static final int MAX_DOMAIN = 255;
    /** With its brackets. RFC 5321 §4.5.3.1.3 */
    static final int MAX_PATH = 256;

    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private final String text;
    private final String badPathStatus;
    private int at;

    /** @param badPathStatus 5.1.7 for a sender, 5.1.3 for a recipient. RFC 3463 §3.2 */
    PathReader(String text, String badPathStatus) {
        this.text = text;
        this.badPathStatus = badPathStatus;
    }

    /** {@code FROM:} or {@code TO:}, in any case. Outlook puts a space behind the colon. */
    void keyword(String keyword) {
        if (!text.regionMatches(true, at, keyword, 0, keyword.length())) {
            throw new Rejected(501, "5.5.4", "Expected " + keyword);
        }
        at += keyword.length();
        skipSpaces();
    }

    Path reversePath() {
        if (text.startsWith("<>", at)) {
            at += 2;
            return Path.NULL;
        }
        // The 64 octets of a local part are not asked of senders: addresses made for returns (VERP, SRS) exceed them
        // daily,
        // and refusing those would lose mail.
        return path(MAX_PATH);
    }

    Path forwardPath() {
        if (text.regionMatches(true, at, "<postmaster>", 0, 12)) { // RFC 5321 §4.1.1.3
            at += 12;
            return new Path("postmaster", "");
        }
        return path(MAX_LOCAL_PART);
    }

    /** The parameters, names in upper case; a value is "" when there is none. Nothing may follow but spaces. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        while (at < text.length()) {
            if (text.charAt(at) != ' ') {
                throw badParameters();
            }
            skipSpaces(); // RFC 5321 §4.1.1: trailing white space is to be borne
            if (at < text.length()) {
                String name = parameterName();
                if (parameters.put(name, parameterValue()) != null) {
                    throw badParameters();
                }
            }
        }
        return parameters;
    }

    static boolean isDotString(String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                if (i == start) {
                    return false;
                }
                start = i + 1;
            } else if (!isAtext(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** A domain or an address literal: what LHLO names. RFC 5321 §4.1.1.1; underscores are borne, real hosts have them. */
    static boolean isHostName(String name) {
        if (name.isEmpty() || name.length() > MAX_DOMAIN) {
            return false;
        }
        boolean literal = name.startsWith("[") && name.endsWith("]") && name.length() > 2;
        String inner = literal ? name.substring(1, name.length() - 1) : name;
        return inner.chars()
                .allMatch(
                        c -> isLetterOrDigit(c) && c < 0x80 || c == '.' || c == '-' || c == '_' || literal && c == ':');
    }

    private Path path(int maxLocalPart) {
        int start = at;
        expect('<');
        skipSourceRoute();
        String localPart = at < text.length() && text.charAt(at) == '"' ? quotedString() : dotString();
        if (octets(localPart) > maxLocalPart) {
            throw badPath("Local part too long");
        }
        expect('@');
        String domain = at < text.length() && text.charAt(at) == '[' ? addressLiteral() : domain();
        if (octets(domain) > MAX_DOMAIN) {
            throw badPath("Domain too long");
        }
        expect('>');
        if (octets(text.substring(start, at)) > MAX_PATH) {
            throw badPath("Path too long");
        }
        return new Path(localPart, domain);
    }

    /** {@code @relay,@relay:} is accepted and disregarded. RFC 5321 §4.1.2 */
    private void skipSourceRoute() {
        if (at >= text.length() || text.charAt(at) != '@') {
            return;
        }
        do {
            at++;
            domain();
        } while (at < text.length() - 1 && text.charAt(at) == ',' && text.charAt(++at) == '@');
        expect(':');
    }

    private String dotString() {
        int start = at;
        while (at < text.length() && (isAtext(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        String found = text.substring(start, at);
        if (!isDotString(found)) {
            throw badPath("Bad local part");
        }
        return found;
    }

    private String quotedString() {
        StringBuilder found = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
                c = at < text.length() ? text.charAt(at) : 0;
                if (c > 0x7E) {
                    throw badPath("Bad quoted pair");
                }
            }
            if (isControl(c)) {
                throw badPath("Control character in local part");
            }
            found.append(c);
        }
        expect('"');
        if (found.isEmpty()) {
            throw badPath("Empty local part");
        }
        return found.toString();
    }

    private String domain() {
        int start = at;
        int label = at;
        while (at < text.length() && (isLetterOrDigit(text.charAt(at)) || ".-_".indexOf(text.charAt(at)) >= 0)) {
            if (text.charAt(at) == '.') {
                checkLabel(label);
                label = at + 1;
            }
            at++;
        }
        checkLabel(label);
        return text.substring(start, at);
    }

    private void checkLabel(int from) {
        if (from == at || text.charAt(from) == '-' || text.charAt(at - 1) == '-') {
            throw badPath("Bad domain");
        }
    }

    private String addressLiteral() {
        int start = at++;
        while (at < text.length()
                && text.charAt(at) >= '!'
                && text.charAt(at) <= '~'
                && "[]\\".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        expect(']');
        if (at - start == 2) {
            throw badPath("Empty address literal");
        }
        return text.substring(start, at);
    }

    private String parameterName() {
        int start = at;
        while (at < text.length()
                && text.charAt(at) < 0x80
                && (isLetterOrDigit(text.charAt(at)) || at > start && text.charAt(at) == '-')) {
            at++;
        }
        if (at == start) {
            throw badParameters();
        }
        return text.substring(start, at).toUpperCase(Locale.ROOT);
    }

    private String parameterValue() {
        if (at >= text.length() || text.charAt(at) != '=') {
            return "";
        }
        int start = ++at;
        while (at < text.length() && text.charAt(at) > ' ' && text.charAt(at) < 0x7F && text.charAt(at) != '=') {
            at++;
        }
        if (at == start) {
            throw badParameters();
        }
        return text.substring(start, at);
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private void expect(char c) {
        if (at >= text.length() || text.charAt(at) != c) {
            throw badPath("Bad address syntax");
        }
        at++;
    }

    private Rejected badPath(String why) {
        return new Rejected(501, badPathStatus, why);
    }

    private static Rejected badParameters() {
        return new Rejected(501, "5.5.4", "Bad parameters");
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isAtext(int c) {
        return isLetterOrDigit(c) || ATEXT_SPECIALS.indexOf(c) >= 0;
    }

    private static boolean isLetterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80 && !isControl(c);
    }

    /** Those of ASCII, of ISO 8859-1's upper half (RFC 6531's UTF8-non-ascii has them; no address does), and line separators. */
    private static boolean isControl(int c) {
        return c < ' ' || c >= 0x7F && c <= 0xA0 || c == 0x2028 || c == 0x2029;
    }
}
