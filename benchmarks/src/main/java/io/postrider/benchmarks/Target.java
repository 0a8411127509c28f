package io.postrider.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * A server under load. A port that it does not have is 0: scenarios that need it are left out.
 *
 * @param imaps IMAP by TLS from the first octet
 * @param pids roots of the process trees whose CPU time and memory are the server's, its database's included; may be empty
 */
record Target(String name, String host, int imap, int imaps, int pop3, int lmtp, List<Long> pids) {

    /** Reads NAME=HOST:IMAP:POP3:LMTP[:PID,PID…[:IMAPS]]. */
    static Target parse(String text) {
        try {
            String[] nameAndRest = text.split("=", 2);
            String[] parts = nameAndRest[1].split(":");
            List<Long> pids = parts.length > 4 && !parts[4].isEmpty()
                    ? Arrays.stream(parts[4].split(",")).map(Long::valueOf).toList()
                    : List.of();
            return new Target(
                    nameAndRest[0],
                    parts[0],
                    Integer.parseInt(parts[1]),
                    parts.length > 5 ? Integer.parseInt(parts[5]) : 0,
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]),
                    pids);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "a target is NAME=HOST:IMAP:POP3:LMTP[:PID,PID...[:IMAPS]], not " + text, e);
        }
    }

    /** The one port of a server that is asked for nothing else. */
    static Target at(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        int port = Integer.parseInt(hostAndPort.substring(colon + 1));
        return new Target(hostAndPort, hostAndPort.substring(0, colon), port, port, port, port, List.of());
    }
}
