package io.postrider.net;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.handler.ssl.KeyLog;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * Key material of a TLS 1.3 connection that both its ends can compute and nobody else can (RFC 8446 §7.5). Netty has no call
 * for it, but BoringSSL tells its secrets to whoever registers for the key log; of these lines only the exporter's secret is
 * read, held from the handshake's last flight to its end, and never written anywhere.
 */
final class ExporterSecrets {
    /** Handshakes that are between their last two flights at once. */
    private static final int MOST = 20_000;

    private static final Duration HANDSHAKE = Duration.ofMinutes(1);
    private static final String LINE = "EXPORTER_SECRET ";

    private final Cache<Long, byte[]> byConnection =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(HANDSHAKE).build();

    /** From now on the secrets of this context's connections are heard; never those of the JDK's TLS. */
    void listen(SslContext context) {
        KeyLog.listen(context, this::heard);
    }

    private void heard(long connection, byte[] line) {
        String text = new String(line, StandardCharsets.US_ASCII);
        if (text.startsWith(LINE)) {
            String secret = text.substring(text.lastIndexOf(' ') + 1).strip();
            byConnection.put(connection, HexFormat.of().parseHex(secret));
        }
    }

    /**
     * The key material under this label, without a context; null where there is none to be had. The secret is forgotten, so
     * it is asked once for each connection.
     */
    byte[] export(SSLEngine engine, String label, int octets) {
        if (!(engine instanceof ReferenceCountedOpenSslEngine openSsl)) {
            return null;
        }
        byte[] secret = byConnection.asMap().remove(openSsl.sslPointer());
        if (secret == null || !"TLSv1.3".equals(engine.getSession().getProtocol())) {
            return null;
        }
        return export(secret, label, octets);
    }

    /** RFC 8446 §7.5, with an empty context. The hash is the cipher suite's, and the secret as long as that. */
    static byte[] export(byte[] exporterSecret, String label, int octets) {
        Digest digest = exporterSecret.length == 48 ? new SHA384Digest() : new SHA256Digest();
        byte[] ofNothing = new byte[digest.getDigestSize()];
        digest.doFinal(ofNothing, 0);
        byte[] derived = expandLabel(digest, exporterSecret, label, ofNothing, digest.getDigestSize());
        return expandLabel(digest, derived, "exporter", ofNothing, octets);
    }

    /** HKDF-Expand-Label. RFC 8446 §7.1 */
    private static byte[] expandLabel(Digest digest, byte[] secret, String label, byte[] context, int octets) {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        byte[] info = new byte[2 + 1 + name.length + 1 + context.length];
        info[0] = (byte) (octets >> 8);
        info[1] = (byte) octets;
        info[2] = (byte) name.length;
        System.arraycopy(name, 0, info, 3, name.length);
        info[3 + name.length] = (byte) context.length;
        System.arraycopy(context, 0, info, 4 + name.length, context.length);
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(digest);
        hkdf.init(HKDFParameters.skipExtractParameters(secret, info));
        byte[] result = new byte[octets];
        hkdf.generateBytes(result, 0, octets);
        return result;
    }
}
