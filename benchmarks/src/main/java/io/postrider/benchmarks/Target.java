package io.postrider.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * A server under load.
 *
 * @param pids roots of the process trees whose CPU time is the server's, its database's included; may be empty
 */
record Target(String name, String host, int imap, int pop3, int lmtp, List<Long> pids) {

    /** Reads NAME=HOST:IMAP:POP3:LMTP[:PID,PID…]. */
    static Target parse(String text) {
        try {
            String[] nameAndRest = text.split("=", 2);
            String[] parts = nameAndRest[1].split(":");
            List<Long> pids = parts.length > 4
                    ? Arrays.stream(parts[4].split(",")).map(Long::valueOf).toList()
                    : List.of();
            return new Target(
                    nameAndRest[0],
                    parts[0],
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]),
                    pids);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("a target is NAME=HOST:IMAP:POP3:LMTP[:PID,PID...], not " + text);
        }
    }
}
