package io.postrider.server.cli;

import io.postrider.server.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/** What may be an account's address or a domain here. Narrower than RFC 5321 §4.1.2: no quoted local parts. */
final class Addresses {
    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_DOMAIN = 253;
    /** RFC 5321 §4.1.2 Dot-string, without "+", which begins a subaddress (RFC 5233), and with RFC 6531's letters. */
    private static final Pattern LOCAL_PART =
            Pattern.compile("[\\p{L}\\p{N}!#$%&'*/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*/=?^_`{|}~-]+)*");

    private static final Pattern DOMAIN = Pattern.compile(
            "(?=.{1,253}$)[\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?(\\.[\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?)*");

    private Addresses() {}

    /** Lower case; fails with a {@link Problem}. */
    static String address(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1
                || at > MAX_LOCAL_PART
                || !LOCAL_PART.matcher(text.substring(0, at)).matches()) {
            throw new Problem("\"" + printable(text) + "\" is no address that an account can have");
        }
        return text.substring(0, at).toLowerCase(Locale.ROOT) + "@" + domain(text.substring(at + 1));
    }

    /** Lower case; fails with a {@link Problem}. */
    static String domain(String text) {
        if (text.length() > MAX_DOMAIN || !DOMAIN.matcher(text).matches()) {
            throw new Problem("\"" + printable(text) + "\" is no domain");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** As much of it as fits a line. */
    private static String printable(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > 100 ? clean.substring(0, 100) + "…" : clean;
    }
}
