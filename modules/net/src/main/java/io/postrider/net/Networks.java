package io.postrider.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sets of IP addresses as one writes them: {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address alone. An IPv4 address in
 * IPv6's clothes ({@code ::ffff:192.0.2.1}, RFC 4291 §2.5.5.2) is the IPv4 address.
 */
public final class Networks {
    public static final Networks NONE = new Networks(List.of());

    private record Network(byte[] prefix, int bits, String written) {}

    private final List<Network> networks;

    private Networks(List<Network> networks) {
        this.networks = networks;
    }

    /** Fails with {@link IllegalArgumentException} that names the one which is none. Never asks the DNS. */
    public static Networks of(List<String> texts) {
        List<Network> networks = new ArrayList<>();
        for (String text : texts) {
            networks.add(parse(text.strip()));
        }
        return new Networks(List.copyOf(networks));
    }

    public boolean isEmpty() {
        return networks.isEmpty();
    }

    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        for (Network network : networks) {
            if (octets.length == network.prefix.length && startsWith(octets, network.prefix, network.bits)) {
                return true;
            }
        }
        return false;
    }

    /** Of an address in text; false for what is none. */
    public boolean contains(String address) {
        InetAddress parsed = address(address);
        return parsed != null && contains(parsed);
    }

    /** The network around a client, as one writes it: a /24 of IPv4; of IPv6 the /64 that one customer gets. "" for no address. */
    public static String around(String address) {
        InetAddress parsed = address(address);
        if (parsed == null) {
            return "";
        }
        byte[] octets = parsed.getAddress();
        int bits = octets.length == 4 ? 24 : 64;
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(cut(octets, bits))) + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Both together. */
    public Networks and(Networks others) {
        List<Network> all = new ArrayList<>(networks);
        all.addAll(others.networks);
        return new Networks(List.copyOf(all));
    }

    /** What an address in text stands for; null when it is none. */
    static InetAddress address(String text) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            // Makes an IPv4 address of one in IPv6's clothes.
            return octets == null ? null : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Networks networks && toString().equals(networks.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return networks.stream().map(Network::written).toList().toString();
    }

    private static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("must be networks like 10.0.0.0/8 or 2001:db8::/32");
        }
        byte[] prefix = address.getAddress();
        int most = prefix.length * 8;
        String length = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > most) {
            throw new IllegalArgumentException("the number behind the slash of " + text + " must be from 0 to " + most);
        }
        int bits = Integer.parseInt(length);
        byte[] cut = cut(prefix, bits);
        if (!Arrays.equals(prefix, cut)) {
            // 10.1.2.3/8 trusts sixteen million addresses where one may have been meant.
            throw new IllegalArgumentException(text + " has bits behind its prefix");
        }
        return new Network(prefix, bits, NetUtil.toAddressString(address) + "/" + bits);
    }

    private static byte[] cut(byte[] octets, int bits) {
        byte[] cut = new byte[octets.length];
        for (int i = 0; i < bits; i++) {
            cut[i / 8] |= (byte) (octets[i / 8] & (0x80 >> i % 8));
        }
        return cut;
    }

    private static boolean startsWith(byte[] octets, byte[] prefix, int bits) {
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (octets[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((octets[whole] ^ prefix[whole]) & 0xFF) >> 8 - rest == 0;
    }
}
