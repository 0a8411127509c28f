package io.postrider.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.AttributeKey;
import io.netty.util.Mapping;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
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

    /** What stands on each context: the certificate it shows. */
    private static final AttributeKey<X509Certificate> SHOWN = AttributeKey.valueOf(TlsContexts.class, "shown");

    private final SslProvider provider;
    private final ExporterSecrets exporterSecrets = new ExporterSecrets();
    private volatile Choice choice;

    /**
     * @param byDefault where no other fits
     * @param byName lower case; {@code *.} and a domain for all names one label below it
     */
    private record Choice(SslContext byDefault, Map<String, SslContext> byName) {}

    /** Who vouches for clients' certificates; none when clients are not asked for any. */
    private final X509Certificate[] clientAuthorities;

    private TlsContexts(SslProvider provider, Path clientAuthorities) {
        this.provider = provider;
        this.clientAuthorities =
                clientAuthorities == null ? new X509Certificate[0] : ClientCertificate.authorities(clientAuthorities);
    }

    /** One certificate for every name; BoringSSL where it runs. Reads files: not on an event loop. */
    public static TlsContexts load(Path certificate, Path key) {
        return load(certificate, key, (Path) null);
    }

    /** @param clientAuthorities PEM file of who vouches for clients' certificates; null to ask clients for none */
    public static TlsContexts load(Path certificate, Path key, Path clientAuthorities) {
        return load(certificate, key, clientAuthorities, OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
    }

    static TlsContexts load(Path certificate, Path key, SslProvider provider) {
        return load(certificate, key, null, provider);
    }

    private static TlsContexts load(Path certificate, Path key, Path clientAuthorities, SslProvider provider) {
        TlsContexts contexts = new TlsContexts(provider, clientAuthorities);
        CertificatePair pair = new CertificatePair(certificate, key);
        contexts.show(contexts.context(pair, pair.parse(pair.read())), Map.of());
        return contexts;
    }

    /** Shows these from now on; handshakes and connections that have begun keep theirs. */
    void show(SslContext byDefault, Map<String, SslContext> byName) {
        choice = new Choice(byDefault, Map.copyOf(byName));
    }

    /** For the head of a connection's pipeline; knows no time limit of its own. */
    ChannelHandler newHandler() {
        return new SniHandler((Mapping<String, SslContext>) this::find, MAX_CLIENT_HELLO, 0) {
            @Override
            protected void replaceHandler(ChannelHandlerContext ctx, String name, SslContext context) throws Exception {
                ctx.channel().attr(SHOWN).set(context.attributes().attr(SHOWN).get());
                super.replaceHandler(ctx, name, context);
            }
        };
    }

    /** What a login over this connection can be bound to, once TLS is up; asked once. */
    ChannelBindings bindings(Channel channel, SSLEngine engine) {
        X509Certificate shown = channel.attr(SHOWN).getAndSet(null);
        return new ChannelBindings(
                shown == null ? null : ChannelBindings.serverEndPoint(shown),
                exporterSecrets.export(engine, ChannelBindings.EXPORTER_LABEL, ChannelBindings.EXPORTER_OCTETS));
    }

    /** Whether a certificate is made out to this DNS name: then it is one of ours. */
    public boolean names(String name) {
        return find(choice, name.toLowerCase(Locale.ROOT)) != null;
    }

    private SslContext find(String name) {
        Choice now = choice;
        SslContext named = name == null ? null : find(now, name);
        return named == null ? now.byDefault() : named;
    }

    private static SslContext find(Choice among, String name) {
        int dot = name.indexOf('.');
        SslContext exact = among.byName().get(name);
        return exact != null || dot < 0 ? exact : among.byName().get("*" + name.substring(dot));
    }

    SslContext context(CertificatePair files, KeyAndChain pair) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(keyManagers(pair));
            if (clientAuthorities.length > 0) {
                // Who has none, or wants to log in otherwise, may.
                builder.trustManager(clientAuthorities).clientAuth(ClientAuth.OPTIONAL);
            }
            SslContext context = builder.sslProvider(provider)
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .sessionCacheSize(SESSIONS)
                    .sessionTimeout(SESSION_TIME.toSeconds())
                    .build();
            allowTickets(context);
            context.attributes().attr(SHOWN).set(pair.chain()[0]);
            exporterSecrets.listen(context);
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw files.unusable(e.getMessage());
        }
    }

    /** Netty's own way from a key leads through an encrypted key store, which takes milliseconds for each certificate. */
    private KeyManagerFactory keyManagers(KeyAndChain pair) {
        KeyManagerFactory one = OneKey.factory(pair);
        // BoringSSL gets the key once, not with each handshake.
        return provider == SslProvider.JDK ? one : new OpenSslCachingX509KeyManagerFactory(one);
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
