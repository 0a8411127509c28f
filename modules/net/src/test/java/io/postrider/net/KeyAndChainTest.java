package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.TestCertificate;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyAndChainTest {
    @TempDir
    Path directory;

    private static KeyAndChain read(Path certificate, Path key) {
        CertificatePair pair = new CertificatePair(certificate, key);
        return pair.parse(pair.read());
    }

    @Test
    void theOldFormOfAKeyIsReadToo() throws IOException {
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        PrivateKey key = read(certificate.certificate(), certificate.key()).key();
        // As "openssl ecparam -genkey" writes it.
        byte[] sec1 = new ECPrivateKey(
                        256, ((java.security.interfaces.ECPrivateKey) key).getS(), SECObjectIdentifiers.secp256r1)
                .getEncoded();
        String pem = pem("EC PARAMETERS", SECObjectIdentifiers.secp256r1.getEncoded()) + pem("EC PRIVATE KEY", sec1);
        Path old = Files.writeString(directory.resolve("old.key"), pem);
        assertEquals(
                ((java.security.interfaces.ECPrivateKey) key).getS(),
                ((java.security.interfaces.ECPrivateKey)
                                read(certificate.certificate(), old).key())
                        .getS());
    }

    @Test
    void rsaKeysAreReadInBothForms() throws Exception {
        PrivateKey key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        String old = oldForm(key);
        assertTrue(old.startsWith("-----BEGIN RSA PRIVATE KEY-----"));
        assertEquals(key, KeyAndChain.key(old));
        assertEquals(key, KeyAndChain.key(pem("PRIVATE KEY", key.getEncoded())));
    }

    @Test
    void aChainIsReadInItsOrder() throws IOException {
        TestCertificate leaf = TestCertificate.create(directory, "leaf");
        TestCertificate issuer = TestCertificate.create(directory, "issuer");
        Path chain = Files.writeString(
                directory.resolve("chain.crt"),
                Files.readString(leaf.certificate()) + Files.readString(issuer.certificate()));
        KeyAndChain read = read(chain, leaf.key());
        assertEquals(2, read.chain().length);
        assertEquals("CN=leaf", read.chain()[0].getSubjectX500Principal().getName());
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        TestCertificate one = TestCertificate.create(directory, "one");
        TestCertificate other = TestCertificate.create(directory, "other");
        assertEquals(
                "cannot use certificate " + one.certificate() + " with key " + other.key()
                        + ": they do not belong together",
                assertThrows(IllegalArgumentException.class, () -> read(one.certificate(), other.key()))
                        .getMessage());
    }

    private static String oldForm(PrivateKey key) throws IOException {
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
            writer.writeObject(key);
        }
        return pem.toString();
    }

    private static String pem(String type, byte[] octets) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder().encodeToString(octets)
                + "\n-----END " + type + "-----\n";
    }
}
