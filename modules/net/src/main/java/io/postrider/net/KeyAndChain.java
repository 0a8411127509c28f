package io.postrider.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A private key and its certificate with those that vouch for it, from PEM files; the key as PKCS #8, or in the older forms
 * that cert-manager and openssl still write. That both belong together is checked here: BoringSSL would only find out with
 * the first client.
 */
record KeyAndChain(PrivateKey key, X509Certificate[] chain) {
    private static final Integer DNS_NAME = 2;

    /** Fails with IllegalArgumentException, which says why and does not name the files. */
    static KeyAndChain parse(String certificatePem, String keyPem) {
        try {
            X509Certificate[] chain = chain(certificatePem);
            if (chain.length == 0) {
                throw new IllegalArgumentException("there is no certificate in it");
            }
            PrivateKey key = key(keyPem);
            if (key == null) {
                throw new IllegalArgumentException("there is no private key in it that we can read");
            }
            if (!belongTogether(key, chain[0])) {
                throw new IllegalArgumentException("they do not belong together");
            }
            return new KeyAndChain(key, chain);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    X509Certificate certificate() {
        return chain[0];
    }

    /** The DNS names it is made out to, lower case, {@code *.} and a domain for all one label below. RFC 5280 §4.2.1.6 */
    List<String> names() {
        try {
            Collection<List<?>> names = certificate().getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(DNS_NAME))
                            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
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

    /** By arithmetic where that is quick: with a thousand certificates a signature for each would take a while. */
    private static boolean belongTogether(PrivateKey key, X509Certificate certificate)
            throws GeneralSecurityException, IOException {
        PublicKey publicKey = certificate.getPublicKey();
        if (key instanceof RSAPrivateKey rsa && publicKey instanceof RSAPublicKey rsaPublic) {
            return rsa.getModulus().equals(rsaPublic.getModulus());
        }
        if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        if (PrivateKeyFactory.createKey(key.getEncoded()) instanceof ECPrivateKeyParameters ec
                && PublicKeyFactory.createKey(publicKey.getEncoded()) instanceof ECPublicKeyParameters ecPublic) {
            return new FixedPointCombMultiplier()
                    .multiply(ec.getParameters().getG(), ec.getD())
                    .equals(ecPublic.getQ());
        }
        return signedBy(key, publicKey);
    }

    private static boolean signedBy(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(key.getAlgorithm());
        byte[] proof = {1, 2, 3};
        signature.initSign(key);
        signature.update(proof);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(proof);
        return signature.verify(signed);
    }
}
