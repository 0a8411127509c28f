package io.postrider.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Vouches for clients' certificates.
 *
 * @param certificate its own, as PEM file
 */
public record TestAuthority(Path certificate, X509Certificate own, KeyPair pair) {
    private static final char[] NO_PASSWORD = {};

    public static TestAuthority create(Path directory, String name) {
        try {
            KeyPair pair = newPair();
            X500Name subject = new X500Name("CN=" + name);
            X509Certificate own = sign(
                    builder(subject, subject, pair)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)),
                    pair);
            Path file = directory.resolve(name + ".pem");
            Files.writeString(
                    file,
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(own.getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
            return new TestAuthority(file, own, pair);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client's TLS, with a certificate for these e-mail addresses. Trusts every server. */
    public SSLContext client(String... addresses) {
        try {
            KeyPair clients = newPair();
            X509v3CertificateBuilder certificate = builder(
                    new X500Name("CN=client"),
                    new X500Name(own.getSubjectX500Principal().getName()),
                    clients);
            if (addresses.length > 0) {
                GeneralName[] names = Arrays.stream(addresses)
                        .map(address -> new GeneralName(GeneralName.rfc822Name, address))
                        .toArray(GeneralName[]::new);
                certificate.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(
                    "client", clients.getPrivate(), NO_PASSWORD, new X509Certificate[] {sign(certificate, pair), own});
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, NO_PASSWORD);
            return AnyCertificate.context(managers.getKeyManagers());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(X500Name subject, X500Name issuer, KeyPair pair) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                subject,
                pair.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder certificate, KeyPair by)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate())));
    }
}
