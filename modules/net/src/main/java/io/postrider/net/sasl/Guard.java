package io.postrider.net.sasl;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.net.sasl.FailureTally.Subject;
import io.postrider.store.Credentials;
import io.postrider.store.Credentials.Axis;
import io.postrider.store.Credentials.Guesses;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes guessing slow. Failed logins are counted on all nodes together, by name and by the client's network, and forgotten
 * within an hour. Who has too many of either is not even heard; before that, each refusal takes longer than the one before.
 *
 * <p>An account is never closed to those in a network it has logged in from before: they are counted apart, and all that
 * guesses bring about there is slow refusals. Nor is anybody shut out whose address tells nothing, being a balancer's or
 * another's that many come through.
 *
 * <p>A name that is nobody's is treated like any other, so that none of this tells which names there are.
 */
final class Guard {
    /** Failed logins an hour in a network where the account is at home, that make refusals as slow as they get. */
    static final int PER_PAIR = 20;

    private static final double SECONDS = Duration.ofHours(1).toSeconds();
    private static final Duration TELL_AGAIN = Duration.ofMinutes(10);
    private static final int MOST_TOLD = 10_000;
    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final GuessLimits limits;
    private final MeterRegistry registry;
    private final FailureTally tally;
    private final Cache<Subject, Boolean> told = Caffeine.newBuilder()
            .maximumSize(MOST_TOLD)
            .expireAfterWrite(TELL_AGAIN)
            .build();

    Guard(Vertx vertx, Credentials credentials, MeterRegistry registry, GuessLimits limits) {
        this.limits = limits;
        this.registry = registry;
        this.tally = new FailureTally(vertx, credentials, axis -> limit(axis) / SECONDS);
    }

    /** Whether the client's address tells nothing about who it is. */
    boolean isExempt(Origin origin) {
        return limits.exempt().contains(origin.address());
    }

    /**
     * An attempt that may be made.
     *
     * @param subjects what it counts for if it fails
     */
    record Admission(List<Subject> subjects, double failuresBefore) {}

    /** Lets an attempt be made, which then must {@link #failed fail} or {@link #over end}; empty when it is not to be. */
    Optional<Admission> admit(String name, Origin origin, Guesses guesses) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (guesses.atHome() || isExempt(origin)) {
            Subject pair = new Subject(Axis.PAIR, lowerCase, origin.network());
            return admitted(List.of(pair), failures(pair, guesses.ofPair()));
        }
        Subject account = new Subject(Axis.ACCOUNT, lowerCase, "");
        Subject network = new Subject(Axis.NETWORK, "", origin.network());
        double ofAccount = failures(account, guesses.ofAccount());
        double ofNetwork = failures(network, guesses.ofNetwork());
        if (isFull(account, ofAccount, origin) | isFull(network, ofNetwork, origin)) {
            return Optional.empty();
        }
        // As slow as it gets is reached on the way to the limit, whichever is the nearer one.
        double steps = Math.max(
                limits.perAccount() == 0 ? 0 : ofAccount * PER_PAIR / limits.perAccount(),
                limits.perNetwork() == 0 ? 0 : ofNetwork * PER_PAIR / limits.perNetwork());
        return admitted(List.of(account, network), steps);
    }

    /** Counts a guess; gives how long after its beginning the refusal is due. */
    Duration failed(Admission admission) {
        for (Subject subject : admission.subjects) {
            registry.counter("postrider.guessing.failures", "axis", text(subject.axis()))
                    .increment();
        }
        tally.failed(admission.subjects);
        return delay(admission);
    }

    /** It doubles with each failure. */
    Duration delay(Admission admission) {
        double delay = limits.refusalTime().toMillis() * Math.pow(2, Math.floor(admission.failuresBefore));
        return Duration.ofMillis((long) Math.min(delay, limits.longestDelay().toMillis()));
    }

    /** It told nothing about the password, or the right one came. */
    void over(Admission admission) {
        tally.end(admission.subjects);
    }

    /** How long who is not heard waits to be told so. */
    Duration longestDelay() {
        return limits.longestDelay();
    }

    private Optional<Admission> admitted(List<Subject> subjects, double failuresBefore) {
        List<Subject> counted =
                subjects.stream().filter(each -> limit(each.axis()) > 0).toList();
        tally.begin(counted);
        return Optional.of(new Admission(counted, failuresBefore));
    }

    private double failures(Subject subject, double inDatabase) {
        return inDatabase + tally.here(subject);
    }

    private boolean isFull(Subject subject, double failures, Origin origin) {
        int limit = limit(subject.axis());
        // There has to be room for a whole one.
        if (limit == 0 || failures <= limit - 1) {
            return false;
        }
        registry.counter("postrider.guessing.refused", "axis", text(subject.axis()))
                .increment();
        if (told.asMap().putIfAbsent(subject, true) == null) {
            log.warn(
                    "guessing: {} logins of {} failed within the hour, the last try from {}; more are refused unheard but from"
                            + " where the account is at home",
                    limit,
                    subject.axis() == Axis.ACCOUNT
                            ? Authenticator.loggable(subject.name())
                            : "all names from " + subject.network(),
                    origin.address());
        }
        return true;
    }

    private int limit(Axis axis) {
        return switch (axis) {
            case ACCOUNT -> limits.perAccount();
            case NETWORK -> limits.perNetwork();
            case PAIR -> limits.longestDelay().isZero() ? 0 : PER_PAIR;
        };
    }

    private static String text(Axis axis) {
        return axis.name().toLowerCase(Locale.ROOT);
    }
}
