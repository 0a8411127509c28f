package io.postrider.server.config;

import io.postrider.net.Networks;
import io.postrider.net.sasl.GuessLimits;
import io.postrider.net.sasl.Passwords;
import io.postrider.net.sasl.TokenOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How clients prove who they are.
 *
 * @param passwords what passwords are kept as
 * @param guessing how fast one may guess at them; without the networks that stand for many clients
 * @param tokens whose bearer tokens are taken, if any
 */
public record Authentication(Passwords.Kinds passwords, GuessLimits guessing, Optional<TokenOptions> tokens) {
    private static final Pattern LOOPBACK = Pattern.compile("http://(127\\.[0-9.]+|localhost|\\[::1\\])([:/].*)?");

    static Authentication read(Reader reader) {
        return new Authentication(passwords(reader), guessing(reader), tokens(reader));
    }

    private static Passwords.Kinds passwords(Reader reader) {
        Passwords.Kinds usual = Passwords.Kinds.DEFAULT;
        Passwords.Kinds kinds = new Passwords.Kinds(
                reader.bool("passwords.argon2id", usual.argon2id()),
                reader.bool("passwords.scram", usual.scram()),
                reader.integer(
                        "passwords.scram-iterations",
                        usual.scramIterations(),
                        Passwords.Kinds.MIN_ITERATIONS,
                        Passwords.Kinds.MAX_ITERATIONS));
        if (!kinds.argon2id() && !kinds.scram()) {
            reader.problems().add("passwords.argon2id and passwords.scram: one of them must be true");
            return usual;
        }
        return kinds;
    }

    private static GuessLimits guessing(Reader reader) {
        return new GuessLimits(
                reader.integer("guessing.failures-per-account", 20, 0, 1_000_000),
                reader.integer("guessing.failures-per-network", 100, 0, 1_000_000),
                reader.duration("guessing.refusal-time", "300ms", Duration.ZERO, Duration.ofSeconds(10)),
                reader.duration("guessing.longest-delay", "10s", Duration.ZERO, Duration.ofMinutes(1)),
                Networks.NONE);
    }

    /** All or none of what has no default. */
    private static Optional<TokenOptions> tokens(Reader reader) {
        String issuer = reader.text("oauth.issuer", "");
        String audience = reader.text("oauth.audience", "");
        String keys = reader.text("oauth.keys", "");
        String claim = reader.text("oauth.claim", "email");
        Duration leeway = reader.duration("oauth.leeway", "30s", Duration.ZERO, Duration.ofMinutes(5));
        if (issuer.isEmpty() && audience.isEmpty() && keys.isEmpty()) {
            return Optional.empty();
        }
        if (issuer.isEmpty() || audience.isEmpty() || keys.isEmpty()) {
            reader.problems().add("oauth.issuer, oauth.audience and oauth.keys: give all three or none");
        }
        if (keys.startsWith("http://") && !LOOPBACK.matcher(keys).matches()) {
            reader.problems().add("oauth.keys: must be https, or whoever is on the way could log in as anybody");
        }
        return Optional.of(new TokenOptions(issuer, audience, keys, claim, leeway));
    }
}
