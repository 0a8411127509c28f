package io.postrider.net.sasl;

import io.postrider.net.Networks;
import java.time.Duration;

/**
 * How fast one may guess at passwords.
 *
 * @param perAccount failed logins an hour with one name, from networks it is not at home in; 0 for any number
 * @param perNetwork failed logins an hour from one network; 0 for any number
 * @param refusalTime what each refusal takes at least, however soon it was found out
 * @param longestDelay what a refusal takes at most
 * @param exempt networks that stand for many clients: balancers, webmail
 */
public record GuessLimits(
        int perAccount, int perNetwork, Duration refusalTime, Duration longestDelay, Networks exempt) {
    /** Nothing is counted, nobody is slowed. */
    public static final GuessLimits NONE = new GuessLimits(0, 0, Duration.ZERO, Duration.ZERO, Networks.NONE);

    public GuessLimits withExempt(Networks networks) {
        return new GuessLimits(perAccount, perNetwork, refusalTime, longestDelay, networks);
    }
}
