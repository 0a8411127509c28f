package io.postrider.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A private key and its certificate with those that vouch for it, from PEM files; the key as PKCS #8, or in the older forms
 * that cert-manager and openssl still write. That both belong together is checked here: BoringSSL would only find out with
 * the first client.
 */
record KeyAndChain(PrivateKey key, X509Certificate[] chain) {
    static KeyAndChain read(Path certificateFile, Path keyFile) {
        String certificatePem = text(certificateFile, "certificate");
        String keyPem = text(keyFile, "key");
        try {
            X509Certificate[] chain = chain(certificatePem);
            if (chain.length == 0) {
                throw unusable(certificateFile, keyFile, "there is no certificate in it");
            }
            PrivateKey key = key(keyPem);
            if (key == null) {
                throw unusable(certificateFile, keyFile, "there is no private key in it that we can read");
            }
            if (!belongTogether(key, chain[0])) {
                throw unusable(certificateFile, keyFile, "they do not belong together");
            }
            return new KeyAndChain(key, chain);
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(certificateFile, keyFile, e.getMessage());
        }
    }

    static IllegalArgumentException unusable(Path certificateFile, Path keyFile, String why) {
        return new IllegalArgumentException(
                "cannot use certificate " + certificateFile + " with key " + keyFile + ": " + why);
    }

    private static String text(Path file, String what) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + what + " " + file);
        }
    }

    private static X509Certificate[] chain(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))
                .toArray(X509Certificate[]::new);
    }

    static PrivateKey key(String pem) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        PEMParser parser = new PEMParser(new StringReader(pem));
        // "EC PARAMETERS" may stand before the key.
        for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
            if (each instanceof PrivateKeyInfo info) {
                return converter.getPrivateKey(info);
            }
            if (each instanceof PEMKeyPair pair) {
                return converter.getPrivateKey(pair.getPrivateKeyInfo());
            }
        }
        return null;
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
        byte[] proof = {1, 2, 3};
        signature.initSign(key);
        signature.update(proof);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(proof);
        return signature.verify(signed);
    }
}
