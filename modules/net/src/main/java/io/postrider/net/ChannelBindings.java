package io.postrider.net;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ties a login to the TLS connection it goes through (RFC 5056), so that nobody in the middle can pass it on: the
 * certificate served on it, tls-server-end-point (RFC 5929 §4), and key material of its own, tls-exporter (RFC 9266).
 *
 * @param serverEndPoint null where the certificate's signature names no hash
 * @param exporter null where TLS is older than 1.3 or is the JDK's
 */
record ChannelBindings(byte[] serverEndPoint, byte[] exporter) {
    static final ChannelBindings NONE = new ChannelBindings(null, null);

    static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding";
    static final int EXPORTER_OCTETS = 32;

    private static final Pattern SIGNATURE = Pattern.compile("(MD5|SHA\\d+)WITH.*");

    /** Null for a type that there is none of. */
    byte[] of(String type) {
        return switch (type) {
            case "tls-exporter" -> exporter;
            case "tls-server-end-point" -> serverEndPoint;
            default -> null;
        };
    }

    /** The certificate's hash, by the hash that it was signed with; where that is weak, SHA-256. RFC 5929 §4.1 */
    static byte[] serverEndPoint(X509Certificate certificate) {
        Matcher signature = SIGNATURE.matcher(certificate.getSigAlgName().toUpperCase(Locale.ROOT));
        if (!signature.matches()) {
            return null;
        }
        String hash =
                switch (signature.group(1)) {
                    case "MD5", "SHA1", "SHA256" -> "SHA-256";
                    default -> signature.group(1).replace("SHA", "SHA-");
                };
        try {
            return MessageDigest.getInstance(hash).digest(certificate.getEncoded());
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            return null;
        }
    }
}
