package io.postrider.net.sasl;

import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Factory.Argon2Types;
import de.mkammerer.argon2.Argon2Version;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Argon2 verifiers as PHC strings. RFC 9106. In C where its library loads, else by Bouncy Castle, which takes half as long
 * again. Never on an event loop: 15 ms.
 */
final class Argon2 {
    /** OWASP's first choice, and RFC 9106 §4's order of cost: 19 MiB, two passes, one lane. */
    static final int KIBIBYTES = 19_456;

    static final int PASSES = 2;
    static final int LANES = 1;
    static final int SALT_OCTETS = 16;
    static final int HASH_OCTETS = 32;

    /** A verifier from elsewhere that asks for more than this does not verify: it would stop the others' logins. */
    static final int MAX_KIBIBYTES = 256 * 1024;

    static final int MAX_PASSES = 50;
    static final int MAX_LANES = 16;

    /** KiB times passes: 1 GiB to fill takes a second or so. */
    static final int MAX_WORK = 1 << 20;

    static final String PREFIX = "$argon2id$";

    private static final Logger log = LoggerFactory.getLogger(Argon2.class);

    private static final SecureRandom random = new SecureRandom();

    private final boolean inC;

    Argon2() {
        this(libraryLoads());
    }

    Argon2(boolean inC) {
        this.inC = inC;
    }

    String hash(byte[] password) {
        Parts unfilled = ours();
        return unfilled.withHash(derive(unfilled, password)).toString();
    }

    /** Fails with IllegalArgumentException that says what is wrong with it. */
    Verifier parse(String phc) {
        Parts parts = Parts.parse(phc);
        return password -> MessageDigest.isEqual(parts.hash, derive(parts, password));
    }

    /** Whether it is as costly as what we would make. */
    static boolean isCurrent(String phc) {
        return phc.startsWith(PREFIX + "v=19$m=" + KIBIBYTES + ",t=" + PASSES + ",p=" + LANES + "$");
    }

    /** A verifier that no password is known for, and that costs as much as any of ours. */
    static String ofNobody() {
        byte[] hash = new byte[HASH_OCTETS];
        random.nextBytes(hash);
        return ours().withHash(hash).toString();
    }

    private static Parts ours() {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        return new Parts("id", 0x13, KIBIBYTES, PASSES, LANES, salt, new byte[HASH_OCTETS]);
    }

    private byte[] derive(Parts verifier, byte[] password) {
        return inC ? deriveInC(verifier, password) : deriveInJava(verifier, password);
    }

    private static byte[] deriveInC(Parts verifier, byte[] password) {
        return Argon2Factory.createAdvanced(Argon2Types.valueOf("ARGON2" + verifier.variant))
                .hashAdvanced(
                        verifier.passes,
                        verifier.kibibytes,
                        verifier.lanes,
                        password,
                        verifier.salt,
                        verifier.hash.length,
                        verifier.version == 0x10 ? Argon2Version.V10 : Argon2Version.V13)
                .getRaw();
    }

    private static byte[] deriveInJava(Parts verifier, byte[] password) {
        int variant =
                switch (verifier.variant) {
                    case "id" -> Argon2Parameters.ARGON2_id;
                    case "i" -> Argon2Parameters.ARGON2_i;
                    default -> Argon2Parameters.ARGON2_d;
                };
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(variant)
                .withVersion(verifier.version)
                .withMemoryAsKB(verifier.kibibytes)
                .withIterations(verifier.passes)
                .withParallelism(verifier.lanes)
                .withSalt(verifier.salt)
                .build());
        byte[] hash = new byte[verifier.hash.length];
        generator.generateBytes(password, hash);
        return hash;
    }

    private static boolean libraryLoads() {
        try {
            Argon2Factory.createAdvanced(Argon2Types.ARGON2id)
                    .hashAdvanced(1, 8, 1, new byte[1], new byte[SALT_OCTETS], HASH_OCTETS, Argon2Version.V13);
            return true;
        } catch (LinkageError | RuntimeException e) {
            log.info("the Argon2 library does not load here ({}); passwords are checked in Java", e.toString());
            return false;
        }
    }

    /** A PHC string taken apart. */
    private record Parts(String variant, int version, int kibibytes, int passes, int lanes, byte[] salt, byte[] hash) {
        // Without v= it is of version 1.0.
        private static final Pattern PHC = Pattern.compile("\\$argon2(id|i|d)(?:\\$v=(16|19))?"
                + "\\$m=(\\d{1,8}),t=(\\d{1,8}),p=(\\d{1,8})\\$([A-Za-z0-9+/]{11,128})\\$([A-Za-z0-9+/]{6,256})");

        /** Within our bounds. */
        static Parts parse(String phc) {
            Matcher parts = PHC.matcher(phc);
            if (!parts.matches()) {
                throw Verifiers.malformed("Argon2");
            }
            int lanes = Verifiers.bounded("Argon2", "lanes", parts.group(5), 1, MAX_LANES);
            int passes = Verifiers.bounded("Argon2", "passes", parts.group(4), 1, MAX_PASSES);
            int kibibytes = Verifiers.bounded("Argon2", "KiB", parts.group(3), 8L * lanes, MAX_KIBIBYTES);
            Verifiers.bounded("Argon2", "KiB times passes", String.valueOf((long) kibibytes * passes), 1, MAX_WORK);
            try {
                return new Parts(
                        parts.group(1),
                        parts.group(2) == null ? 0x10 : Integer.parseInt(parts.group(2)),
                        kibibytes,
                        passes,
                        lanes,
                        Base64.getDecoder().decode(parts.group(6)),
                        Base64.getDecoder().decode(parts.group(7)));
            } catch (IllegalArgumentException e) {
                throw Verifiers.malformed("Argon2");
            }
        }

        Parts withHash(byte[] newHash) {
            return new Parts(variant, version, kibibytes, passes, lanes, salt, newHash);
        }

        @Override
        public String toString() {
            Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
            return "$argon2" + variant + "$v=" + version + "$m=" + kibibytes + ",t=" + passes + ",p=" + lanes + "$"
                    + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
        }
    }
}
