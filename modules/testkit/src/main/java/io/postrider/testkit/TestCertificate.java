package io.postrider.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A self-signed P-256 certificate and its key, as PEM files.
 *
 * @param certificate the certificate's file
 * @param key the PKCS #8 key's file
 */
public record TestCertificate(Path certificate, Path key) {

    /** Writes {@code names[0].crt} and {@code names[0].key} for these DNS names, valid from yesterday for 30 days. */
    public static TestCertificate create(Path directory, String... names) {
        Instant now = Instant.now();
        return create(directory, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(30)), names);
    }

    /** As above, with its own time of validity: for certificates that have run out. */
    public static TestCertificate create(Path directory, Instant from, Instant until, String... names) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return create(directory, from, until, generator.generateKeyPair(), "SHA256withECDSA", names);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With an RSA key, as many an older certificate has. */
    public static TestCertificate createRsa(Path directory, String... names) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            Instant now = Instant.now();
            return create(
                    directory,
                    now.minus(Duration.ofDays(1)),
                    now.plus(Duration.ofDays(30)),
                    generator.generateKeyPair(),
                    "SHA256withRSA",
                    names);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestCertificate create(
            Path directory, Instant from, Instant until, KeyPair pair, String signature, String... names) {
        try {
            X500Name subject = new X500Name("CN=" + names[0]);
            GeneralName[] alternatives = Arrays.stream(names)
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new);
            X509CertificateHolder certificate = new JcaX509v3CertificateBuilder(
                            subject,
                            BigInteger.valueOf(System.nanoTime()),
                            Date.from(from),
                            Date.from(until),
                            subject,
                            pair.getPublic())
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))
                    .build(new JcaContentSignerBuilder(signature).build(pair.getPrivate()));
            Path certificateFile = directory.resolve(names[0] + ".crt");
            Path keyFile = directory.resolve(names[0] + ".key");
            Files.writeString(certificateFile, pem("CERTIFICATE", certificate.getEncoded()));
            Files.writeString(keyFile, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            return new TestCertificate(certificateFile, keyFile);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(String type, byte[] octets) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets)
                + "\n-----END " + type + "-----\n";
    }
}
