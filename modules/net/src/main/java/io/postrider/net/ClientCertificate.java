package io.postrider.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Whose certificate a client has shown, and proven to have the key of. TLS has checked who vouches for it. */
final class ClientCertificate {
    /** rfc822Name among the kinds of subjectAltName. RFC 5280 §4.2.1.6 */
    private static final int RFC822_NAME = 1;

    private static final int MAX_ADDRESSES = 16;

    private ClientCertificate() {}

    /** The e-mail addresses that it is for; empty when there is no certificate, or none with an address. */
    static List<String> addresses(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? addresses(own) : List.of();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    /** Those in a PEM file; fails with IllegalArgumentException, one line. */
    static X509Certificate[] authorities(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            X509Certificate[] all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .toArray(X509Certificate[]::new);
            if (all.length == 0) {
                throw new IllegalArgumentException("there is no certificate in " + file);
            }
            return all;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file, e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("there is no certificate in " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<String> addresses(X509Certificate certificate) {
        List<String> addresses = new ArrayList<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0).equals(RFC822_NAME) && addresses.size() < MAX_ADDRESSES) {
                    addresses.add((String) name.get(1));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return List.copyOf(addresses);
    }
}
