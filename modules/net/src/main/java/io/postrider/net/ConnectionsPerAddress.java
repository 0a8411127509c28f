package io.postrider.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many connections one client address may have at once, over all listeners of the node that share this. By the real
 * address, behind a balancer too. IPv6 counts by /64, since one customer has so many. RFC 6177 §2
 */
public final class ConnectionsPerAddress {
    private static final int IPV6_NETWORK_OCTETS = 8;

    private final int most;
    private final Networks exempt;
    private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();

    /** @param exempt networks that are not counted: webmail and the like, which log in for many */
    public ConnectionsPerAddress(int most, Networks exempt) {
        this.most = most;
        this.exempt = exempt;
    }

    int most() {
        return most;
    }

    /** Whether there is room for one more; then {@link #leave} is due when it goes. */
    boolean enter(InetAddress address) {
        if (exempt.contains(address)) {
            return true;
        }
        InetAddress key = key(address);
        int[] before = new int[1];
        counts.compute(key, (same, count) -> {
            before[0] = count == null ? 0 : count;
            return Math.min(before[0] + 1, most);
        });
        return before[0] < most;
    }

    void leave(InetAddress address) {
        if (!exempt.contains(address)) {
            counts.computeIfPresent(key(address), (same, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** Addresses with a connection; none is remembered once its last has gone. */
    int addresses() {
        return counts.size();
    }

    private static InetAddress key(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return address;
        }
        Arrays.fill(octets, IPV6_NETWORK_OCTETS, octets.length, (byte) 0);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
