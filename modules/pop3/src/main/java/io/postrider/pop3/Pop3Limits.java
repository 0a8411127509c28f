package io.postrider.pop3;

import java.time.Duration;

/**
 * The bounds of a POP3 session and the choices an operator has.
 *
 * @param commandOctets of a command line with its end, but for AUTH with an initial response; beyond it -ERR. RFC 2449 §4
 * @param protocolErrors that one connection may make; then it is closed
 * @param loginAttempts that may fail on one connection; then it is closed
 * @param messages of a maildrop that a session sees, the oldest; 20 octets of memory each
 * @param timeToLogin from the greeting to the login, whatever a client says meanwhile: strangers hold no connection for ever
 * @param idle how long one that has may be; no less than 10 minutes outside tests. RFC 1939 §3
 * @param lease how long a maildrop stays locked after the node that locked it died
 * @param replaceNuls whether NUL goes out as 0x80: it is not allowed in a response (RFC 2449 §3) nor in a message
 *     (RFC 5322 §3.5), and Outlook hangs on it
 */
public record Pop3Limits(
        int commandOctets,
        int protocolErrors,
        int loginAttempts,
        int messages,
        Duration timeToLogin,
        Duration idle,
        Duration lease,
        boolean replaceNuls) {
    public static final Pop3Limits DEFAULT = new Pop3Limits(
            255, 20, 5, 1_000_000, Duration.ofMinutes(3), Duration.ofMinutes(10), Duration.ofMinutes(1), true);
}
