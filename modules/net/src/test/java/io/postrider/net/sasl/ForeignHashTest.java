package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignHashTest {
    private static final byte[] PASSWORD = octets("pässword 1");
    private static final String HASH_43 = "k".repeat(43);
    private static final Argon2 argon2 = new Argon2();

    static List<String> hashes() throws IOException {
        try (InputStream file = ForeignHashTest.class.getResourceAsStream("foreign-hashes.tsv")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void whatOtherProgramsHashIsVerifiedHere(String line) {
        String hash = line.substring(line.indexOf('\t') + 1);
        String verifier = ForeignHash.parse(hash).verifier();
        assertTrue(Verifiers.matches(verifier, PASSWORD, argon2));
        assertFalse(Verifiers.matches(verifier, octets("pässword 2"), argon2));
        assertFalse(Verifiers.matches(verifier, octets("Pässword 1"), argon2));
        assertFalse(Verifiers.matches(verifier, new byte[0], argon2));
        assertFalse(Verifiers.matches(verifier, octets("x".repeat(2_000)), argon2));
        assertEquals(verifier, ForeignHash.parse(verifier).verifier(), "as it is kept it can be read again");
        assertFalse(verifier.contains(" "));
        assertTrue(ForeignHash.looksLikeOne(hash));
    }

    /** Two programs cut at 72 octets; who had such a password goes on with it. */
    @Test
    void bcryptLooksAtSeventyTwoOctets() {
        // doveadm pw -s BLF-CRYPT -r 4 -p xxx... (80)
        String hash = "{BLF-CRYPT}$2y$04$F9IKLkh1TQlukR8L/g9zU.mhzw.mh9vB6xCMsnp/6G1hZ9xlytnvS";
        String verifier = ForeignHash.parse(hash).verifier();
        assertTrue(Verifiers.matches(verifier, octets("x".repeat(80)), argon2));
        assertFalse(Verifiers.matches(verifier, octets("x".repeat(71)), argon2));
    }

    @Test
    void aPasswordInTheClearIsForTheCallerToHash() {
        for (String scheme : List.of("{PLAIN}", "{plain}", "{CLEARTEXT}", "{CLEAR}")) {
            ForeignHash plain = ForeignHash.parse(scheme + "se}cret ");
            assertEquals("", plain.verifier());
            assertArrayEquals(octets("se}cret "), plain.password());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56 | {CRAM-MD5} is not taken",
                "{SCRAM-SHA-1}4096,FMwaZb7aOSA5D1A4K1DB9A==,x,y | {SCRAM-SHA-1} is not taken",
                "{NTLM}00000000000000000000000000000000 | {NTLM} is not taken",
                "{DES-CRYPT}fYWBnYlYd1Lvk | {DES-CRYPT} is not taken",
                "{CRYPT}fYWBnYlYd1Lvk | {CRYPT} of a kind that is too weak (DES)",
                "fYWBnYlYd1Lvk | no kind of hash that is known here",
                "secret | no kind of hash that is known here",
                "{FOO}bar | {FOO} is not known",
                "{CRYPT}$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7 | yescrypt is not taken",
                "{SHA512-CRYPT}$6$salt$short | not a well-formed SHA-512-crypt hash",
                "$6$salt$kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk | not a well-formed SHA-512-crypt hash",
                "{SSHA}%%% | not a well-formed {SSHA} hash",
                "{SSHA}c2hvcnRzaG9ydA== | not a well-formed {SSHA} hash",
                "{SSHA.HEX}abc | not a well-formed {SSHA} hash",
                "{SHA}eYgANhHw2IbqBr2M4+BDOwm6yeGgk7Xw | not a well-formed {SHA} hash",
                "{BLF-CRYPT.HEX}abcd | {BLF-CRYPT} is not taken in HEX",
                "$2y$05$short | not a well-formed bcrypt hash",
                "$2x$05$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2 | not a well-formed bcrypt hash",
                "$2y$15$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2 | bcrypt with cost 15: must be from 4 to 14",
                "$2y$31$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2 | bcrypt with cost 31: must be from 4 to 14",
                "{PBKDF2}$1$salt$2000001$d73fa96de227947c6574ed17d9ab9dbb5c4515cb | PBKDF2 with rounds 2000001",
                "{PBKDF2}$1$salt$99999999999999$d73fa96de227947c6574ed17d9ab9dbb5c4515cb | PBKDF2 with rounds 99999999999999",
                "$pbkdf2-sha256$0$AAECAwQFBgcICQoLDA0ODw$iiHUdrT5t0/m3tl9YMs7qw5D8WwbersT8Knd7zpMCoI | PBKDF2 with rounds 0",
                "$pbkdf2-sha256$2900$AAECAwQFBgcICQoLDA0ODw$WVZSVcXsPAKtdSLeR.JV9pdIxqo | not a well-formed PBKDF2 hash",
                "$scrypt$ln=22,r=8,p=1$c2FsdA$iiHUdrT5t0/m3tl9YMs7qw5D8WwbersT8Knd7zpMCoI | scrypt with N=2^22, r=8, p=1",
                "$scrypt$ln=16,r=8,p=8$c2FsdA$iiHUdrT5t0/m3tl9YMs7qw5D8WwbersT8Knd7zpMCoI | scrypt with N=2^16, r=8, p=8",
                "$scrypt$ln=16,r=999999999,p=999999999$c2FsdA$iiHUdrT5t0/m3tl9YMs7qw5D8WwbersT8Knd7zpMCoI | scrypt with",
                "$scrypt$ln=99,r=1,p=1$c2FsdA$iiHUdrT5t0/m3tl9YMs7qw5D8WwbersT8Knd7zpMCoI | scrypt with N=2^99",
                "$7$zzzzzzzzzzzsalt$1WdwJLDuNQVZvXeyDmBYpTJxQHpZZ/.iclzKEAqHRE2 | scrypt with N=2^63",
                "{ARGON2ID}$argon2id$v=19$m=4194304,t=3,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc | Argon2 with KiB 4194304",
                "$argon2id$v=19$m=262144,t=5,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc | Argon2 with KiB times passes 1310720",
                "{SCRAM-SHA-256}4095,pMHdX85I7SQJlvq4WLbWVQ==,jVPnsrNo6Qqrc+CSPwpIqnTJGLoDmD/T4O+fqnLJ9UA=,NM2InywlUp8yA5io4MM9IMJi1lWr9A2VEWQNt2LwgGQ= | SCRAM-SHA-256 with iterations 4095",
                "{SCRAM-SHA-256}4096,pMHd | not a well-formed SCRAM-SHA-256 hash",
                "SCRAM-SHA-256$4096:pMHd | not a well-formed SCRAM-SHA-256 hash",
                "$1$salt$pQcAcCu.YubkxNH4H2Z8S. $1$salt$pQcAcCu.YubkxNH4H2Z8S. | a hash has no spaces",
            })
    void whatCannotBeTakenIsRefusedByNameAndNeverRepeated(String hash, String reason) {
        String said = assertThrows(IllegalArgumentException.class, () -> ForeignHash.parse(hash))
                .getMessage();
        assertTrue(said.startsWith(reason), said);
        assertFalse(said.contains("\n"));
        String tail = hash.substring(hash.length() / 2);
        assertFalse(said.contains(tail), said);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000})
    void roundsOfShaCryptUpToTheBoundAreTaken(int rounds) {
        ForeignHash.parse("$5$rounds=" + rounds + "$salt$" + HASH_43);
        assertThrows(
                IllegalArgumentException.class, () -> ForeignHash.parse("$5$rounds=" + 1_000_001 + "$salt$" + HASH_43));
    }

    /** Fewer than 1,000 rounds mean 1,000 (mkpasswd writes what it did). */
    @Test
    void tooFewRoundsAreAThousand() {
        // Python: crypt.crypt("pässword 1", "$5$rounds=10$saltstring") writes rounds=1000.
        String kept =
                org.apache.commons.codec.digest.Sha2Crypt.sha256Crypt(PASSWORD.clone(), "$5$rounds=1000$saltstring$");
        assertTrue(Verifiers.matches(kept.replace("rounds=1000", "rounds=10"), PASSWORD, argon2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "{smile}", "{}", "$100", "$5 a day", "a$6$b", "{foo}bar", "SCRAM"})
    void anOrdinaryPasswordIsNoHash(String password) {
        assertFalse(ForeignHash.looksLikeOne(password));
    }

    /** RFC 7677 §3 */
    @Test
    void scramsExampleOfTheRfc() {
        byte[] salt = java.util.Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        ScramVerifier verifier = ScramVerifier.of(octets("pencil"), 4096, salt);
        byte[] authMessage = octets("n=user,r=rOprNGfwEbeRWgbNEkqO,"
                + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        byte[] proof = java.util.Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertTrue(verifier.proves(proof, authMessage));
        assertEquals(
                "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
                java.util.Base64.getEncoder().encodeToString(verifier.serverSignature(authMessage)));
        proof[31] ^= 1;
        assertFalse(verifier.proves(proof, authMessage));
        assertFalse(verifier.proves(new byte[0], authMessage));
        assertEquals(
                verifier.toString(), ScramVerifier.parse(verifier.toString()).toString());
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
