package io.postrider.admin;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be an account's address, an alias, a domain, a tenant or a server here. Narrower than RFC 5321 §4.1.2: no quoted local parts. */
public final class Names {
    static final int MAX_TENANT = 100;
    static final int MAX_LABEL = 100;
    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_DOMAIN = 253;
    /** RFC 5321 §4.1.2 Dot-string, without "+", which begins a subaddress (RFC 5233), and with RFC 6531's letters. */
    private static final Pattern LOCAL_PART =
            Pattern.compile("[\\p{L}\\p{N}!#$%&'*/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*/=?^_`{|}~-]+)*");

    private static final Pattern DOMAIN = Pattern.compile(
            "[\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?(\\.[\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?)*");

    /** RFC 5092 §11, narrower: what a response code is to hold has no brackets, so an IPv6 address needs a name. */
    private static final Pattern SERVER = Pattern.compile("([^:]+)(?::([0-9]{1,5}))?");

    private static final Pattern ASCII_HOST =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final Pattern NUMERIC_HOST = Pattern.compile("([0-9.]*\\.)?[0-9]+");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final int MAX_PORT = 65_535;

    private Names() {}

    /** An account's address, in lower case. */
    public static String address(String field, String text) {
        int at = text.lastIndexOf('@');
        if (at < 1
                || at > MAX_LOCAL_PART
                || !LOCAL_PART.matcher(text.substring(0, at)).matches()
                || !isDomain(text.substring(at + 1))) {
            throw new InvalidInput(field, quoted(text) + " is no address that an account can have");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** An alias, or a domain's catch-all: "@example.com". */
    public static String alias(String field, String text) {
        if (text.startsWith("@")) {
            return "@" + domain(field, text.substring(1));
        }
        return address(field, text);
    }

    /** In lower case. */
    public static String domain(String field, String text) {
        if (!isDomain(text)) {
            throw new InvalidInput(field, quoted(text) + " is no domain");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    public static String tenant(String field, String text) {
        return line(field, text, MAX_TENANT, "/");
    }

    /** A server that clients are sent to, in lower case: a host, and a port where it is not the protocol's own. */
    static String server(String field, String text) {
        Matcher parts = SERVER.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches() || !isAsciiHost(parts.group(1)) || !isPort(parts.group(2))) {
            throw new InvalidInput(
                    field,
                    quoted(text) + " is no server: give the name or IPv4 address of a host, and where it does not"
                            + " listen on port 143 a colon and its port, as in imap.example.com:1143");
        }
        return parts.group();
    }

    private static boolean isAsciiHost(String host) {
        return host.length() <= MAX_DOMAIN
                && ASCII_HOST.matcher(host).matches()
                && (!NUMERIC_HOST.matcher(host).matches() || IPV4.matcher(host).matches());
    }

    private static boolean isPort(String digits) {
        return digits == null || Integer.parseInt(digits) >= 1 && Integer.parseInt(digits) <= MAX_PORT;
    }

    /** What people call something. */
    static String label(String field, String text) {
        return line(field, text, MAX_LABEL, "");
    }

    private static String line(String field, String text, int longest, String without) {
        boolean fits = !text.isBlank()
                && text.strip().equals(text)
                && text.length() <= longest
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.SURROGATE
                                || without.indexOf(c) >= 0);
        if (!fits) {
            throw new InvalidInput(
                    field,
                    quoted(text) + " must have from 1 to " + longest + " characters, no control characters"
                            + (without.isEmpty() ? "" : ", no \"" + without + "\"") + " and no spaces around it");
        }
        return text;
    }

    private static boolean isDomain(String text) {
        return text.length() <= MAX_DOMAIN && DOMAIN.matcher(text).matches();
    }

    /** As much of it as fits a line. */
    static String quoted(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (clean.length() > 100 ? clean.substring(0, 100) + "…" : clean) + "\"";
    }
}
