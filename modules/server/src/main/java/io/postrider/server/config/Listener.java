package io.postrider.server.config;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * Where one protocol is spoken.
 *
 * @param enabled whether it listens at {@code port}; {@code proxyPort} is apart from that
 * @param port 0 for any that is free
 * @param proxyPort where the same is spoken behind a PROXY header, if anywhere
 * @param plainTextPasswords whether a password may come without TLS
 */
public record Listener(
        Name name,
        boolean enabled,
        String host,
        int port,
        OptionalInt proxyPort,
        boolean plainTextPasswords,
        int maxConnections) {

    /** The listeners there are. */
    public enum Name {
        IMAP("imap", false, 143),
        IMAPS("imap", true, 993),
        POP3("pop3", false, 110),
        POP3S("pop3", true, 995),
        LMTP("lmtp", false, 24);

        private final String protocol;
        private final boolean implicitTls;
        private final int port;

        Name(String protocol, boolean implicitTls, int port) {
            this.protocol = protocol;
            this.implicitTls = implicitTls;
            this.port = port;
        }

        /** As in configuration, logs and metrics. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        public String protocol() {
            return protocol;
        }

        public boolean implicitTls() {
            return implicitTls;
        }

        /** IANA's; LMTP has none, and 24 is what most use. */
        public int usualPort() {
            return port;
        }

        /** LMTP knows no login: whoever reaches it may deliver. So it is not open to the network unless told. RFC 2033 */
        String usualHost() {
            return this == LMTP ? "127.0.0.1" : "0.0.0.0";
        }
    }

    /** Whether it listens anywhere. */
    public boolean listens() {
        return enabled || proxyPort.isPresent();
    }

    static Listener read(Reader reader, Name name) {
        String prefix = "listeners." + name.key() + ".";
        return new Listener(
                name,
                reader.bool(prefix + "enabled", true),
                reader.host(prefix + "host", name.usualHost()),
                reader.integer(prefix + "port", name.usualPort(), 0, 65_535),
                reader.port(prefix + "proxy-port"),
                // Neither is a choice where TLS is always up or nobody logs in.
                !name.implicitTls() && name != Name.LMTP && reader.bool(prefix + "plain-text-passwords", false),
                reader.integer(prefix + "max-connections", 50_000, 1, 1_000_000));
    }
}
