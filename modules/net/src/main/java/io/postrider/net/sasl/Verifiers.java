package io.postrider.net.sasl;

import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifiers as they are kept: texts that tell their kind by how they begin. One credential may have several of the same
 * password, with spaces between: Argon2id for those who send it, and SCRAM-SHA-256 for those who only prove that they know it.
 *
 * <p>Whatever a text asks for in time and memory is bounded here, since texts come from other servers. Failures name what is
 * wrong and never repeat the text.
 */
final class Verifiers {
    private static final Logger log = LoggerFactory.getLogger(Verifiers.class);

    private Verifiers() {}

    /** Fails with IllegalArgumentException that says which kind it is not, or which bound it goes beyond. */
    static Verifier parse(String text, Argon2 argon2) {
        if (text.startsWith("$argon2")) {
            return argon2.parse(text);
        }
        if (text.startsWith(ScramVerifier.PREFIX)) {
            return ScramVerifier.parse(text);
        }
        if (text.startsWith("$pbkdf2") || text.startsWith(Pbkdf2.DOVECOT)) {
            return Pbkdf2.parse(text);
        }
        if (text.startsWith("$scrypt$") || text.startsWith("$7$")) {
            return Scrypt.parse(text);
        }
        if (text.startsWith("{")) {
            return DigestHash.parse(text);
        }
        if (text.startsWith("$")) {
            return CryptHash.parse(text);
        }
        throw new IllegalArgumentException("no kind of hash that is known here");
    }

    /** Whether the password is the verifier's; false as well where no password can be, which is told in the log. */
    static boolean matches(String text, byte[] password, Argon2 argon2) {
        Verifier verifier;
        try {
            verifier = parse(text, argon2);
        } catch (IllegalArgumentException e) {
            log.warn("a verifier that no password can match: {}", e.getMessage());
            return false;
        }
        return verifier.matches(password);
    }

    /** Those of a credential that a password has to be checked against: one, where all are ours and so of one password. */
    static List<String> toCheck(String kept) {
        List<String> all = split(kept);
        return all.stream()
                .filter(each -> each.startsWith(Argon2.PREFIX))
                .findFirst()
                .map(List::of)
                .orElse(all);
    }

    /** The SCRAM-SHA-256 verifier of a credential, null for none. */
    static ScramVerifier scram(String kept) {
        for (String each : split(kept)) {
            if (each.startsWith(ScramVerifier.PREFIX)) {
                try {
                    return ScramVerifier.parse(each);
                } catch (IllegalArgumentException e) {
                    log.warn("a verifier that no password can match: {}", e.getMessage());
                }
            }
        }
        return null;
    }

    /** Whether it is what a password would be kept as today. */
    static boolean isCurrent(String kept, boolean argon2id, boolean scram) {
        boolean hasArgon2id = false;
        boolean hasScram = false;
        for (String each : split(kept)) {
            if (Argon2.isCurrent(each)) {
                hasArgon2id = true;
            } else if (each.startsWith(ScramVerifier.PREFIX)) {
                hasScram = true;
            } else {
                return false;
            }
        }
        return (hasArgon2id || !argon2id) && (hasScram || !scram);
    }

    private static List<String> split(String kept) {
        return kept.isEmpty() ? List.of() : List.of(kept.split(" "));
    }

    static IllegalArgumentException malformed(String kind) {
        return new IllegalArgumentException("not a well-formed " + kind + " hash");
    }

    /** A number that may be missing or too long to be one. */
    static int bounded(String kind, String what, String digits, long least, long most) {
        long number = digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
        if (number < least || number > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%s with %s %s: must be from %d to %d", kind, what, digits, least, most));
        }
        return (int) number;
    }
}
