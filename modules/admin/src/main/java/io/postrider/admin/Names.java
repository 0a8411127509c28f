package io.postrider.admin;

import java.util.Locale;
import java.util.regex.Pattern;

/** What can be an account's address, an alias, a domain, or a tenant here. Narrower than RFC 5321 §4.1.2: no quoted local parts. */
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
