package io.postrider.net;

import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.Mapping;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/**
 * Which certificate is shown to whom: a map from the name the client asks for (SNI, RFC 6066 §3) to a TLS context. It can be
 * changed while the server runs; the next handshake uses what is there then, be it implicit TLS or STARTTLS.
 *
 * <p>TLS is done with Netty's own parts, since that of Vert.x 5.0 breaks STARTTLS on all event loops but one, lets plain
 * text slip through it, and never sees a new certificate there.
 */
public final class TlsContexts {
    /** A ClientHello beyond this is refused: a few kilobytes are common with post-quantum key shares. */
    static final int MAX_CLIENT_HELLO = 16 * 1024;

    /** Sessions that can be resumed, per certificate; tickets need no room here. */
    static final int SESSIONS = 20_000;

    static final Duration SESSION_TIME = Duration.ofHours(2);

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** With TLS 1.2 only what has forward secrecy and authenticated encryption. RFC 9325 §4.2 */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String ANY = "";

    private final SslProvider provider;
    private final Map<String, SslContext> byName = new ConcurrentHashMap<>();

    private TlsContexts(SslProvider provider) {
        this.provider = provider;
    }

    /** One certificate for every name; BoringSSL where it runs. Reads files: not on an event loop. */
    public static TlsContexts load(Path certificate, Path key) {
        return load(certificate, key, OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
    }

    static TlsContexts load(Path certificate, Path key, SslProvider provider) {
        TlsContexts contexts = new TlsContexts(provider);
        contexts.replace(certificate, key);
        return contexts;
    }

    /** Replaces the certificate shown where no other fits. When the new one cannot be read, the old one stays. */
    public void replace(Path certificate, Path key) {
        byName.put(ANY, context(certificate, key));
    }

    /**
     * Shows this certificate to who asks for the name, from now on.
     *
     * @param name a host name, or {@code *.} and a domain for all names one label below it
     */
    public void replace(String name, Path certificate, Path key) {
        byName.put(name.toLowerCase(Locale.ROOT), context(certificate, key));
    }

    /** For the head of a connection's pipeline; knows no time limit of its own. */
    ChannelHandler newHandler() {
        return new SniHandler((Mapping<String, SslContext>) this::find, MAX_CLIENT_HELLO, 0);
    }

    private SslContext find(String name) {
        if (name != null) {
            SslContext exact = byName.get(name);
            if (exact != null) {
                return exact;
            }
            int dot = name.indexOf('.');
            SslContext wildcard = dot < 0 ? null : byName.get("*" + name.substring(dot));
            if (wildcard != null) {
                return wildcard;
            }
        }
        return byName.get(ANY);
    }

    private SslContext context(Path certificate, Path key) {
        KeyAndChain pair = KeyAndChain.read(certificate, key);
        try {
            SslContext context = SslContextBuilder.forServer(pair.key(), pair.chain())
                    .sslProvider(provider)
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .sessionCacheSize(SESSIONS)
                    .sessionTimeout(SESSION_TIME.toSeconds())
                    .build();
            allowTickets(context);
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw KeyAndChain.unusable(certificate, key, e.getMessage());
        }
    }

    /** Resumption without state of ours; Netty leaves tickets off until BoringSSL has a key for them. RFC 8446 §4.6.1 */
    private static void allowTickets(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            byte[] key = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
            new SecureRandom().nextBytes(key);
            int name = OpenSslSessionTicketKey.NAME_SIZE;
            int hmac = name + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
            sessions.setTicketKeys(new OpenSslSessionTicketKey(
                    Arrays.copyOf(key, name),
                    Arrays.copyOfRange(key, name, hmac),
                    Arrays.copyOfRange(key, hmac, hmac + OpenSslSessionTicketKey.AES_KEY_SIZE)));
        }
    }
}
