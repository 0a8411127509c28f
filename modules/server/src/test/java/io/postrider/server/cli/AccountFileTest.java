package io.postrider.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountFileTest {
    @Test
    void headerLinesQuotesAndBlankLines() {
        List<AccountFile.Entry> entries = AccountFile.parse(
                        "f",
                        List.of(
                                "\uFEFFAddress,\"Password\"",
                                "Alice@Example.COM,secret",
                                "",
                                "\"bob@example.com\",\"with, comma and \"\"quotes\"\"\"",
                                "zoë@example.com, leading blank is the password's own"))
                .entries();
        assertEquals(
                List.of("alice@example.com", "bob@example.com", "zoë@example.com"),
                entries.stream().map(AccountFile.Entry::address).toList());
        assertEquals(
                List.of("secret", "with, comma and \"quotes\"", " leading blank is the password's own"),
                entries.stream()
                        .map(entry -> new String(entry.secret().password(), StandardCharsets.UTF_8))
                        .toList());
        assertEquals(4, entries.get(1).line());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@example.com",
                "alice@example.com,",
                "alice@example.com,a,b",
                "alice,secret",
                "@example.com,secret",
                "alice+lists@example.com,secret",
                "alice@,secret",
                "alice@-example.com,secret",
                "al ice@example.com,secret",
                "\"alice@example.com,secret",
                "\"alice@example.com\"x,secret"
            })
    void aBadLineIsNamedAndItsPasswordIsNot(String line) {
        Problem problem =
                assertThrows(Problem.class, () -> AccountFile.parse("f.csv", List.of("address,password", line)));
        assertTrue(problem.getMessage().startsWith("f.csv line 2: "), problem.getMessage());
        assertTrue(problem.getMessage().endsWith("nothing was imported"));
        assertFalse(problem.getMessage().contains("secret"), problem.getMessage());
    }

    @Test
    void hashesStandInAColumnOfTheirOwn() {
        String bcrypt = "$2y$05$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2";
        List<AccountFile.Entry> entries = AccountFile.parse(
                        "f", List.of("address,hash", "a@b.c,{BLF-CRYPT}" + bcrypt, "d@b.c,{PLAIN}secret"))
                .entries();
        assertEquals(bcrypt, entries.get(0).secret().hash());
        assertEquals("secret", new String(entries.get(1).secret().password(), StandardCharsets.UTF_8));

        List<AccountFile.Entry> both = AccountFile.parse(
                        "f", List.of("Address, Hash, Password", "a@b.c," + bcrypt + ",", "d@b.c,,secret"))
                .entries();
        assertEquals(bcrypt, both.get(0).secret().hash());
        assertEquals("secret", new String(both.get(1).secret().password(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "address,password | a@b.c,{SSHA}secretsecretsecret | the password looks like a hash",
                "address,password | a@b.c,$6$secret$secret | the password looks like a hash",
                "address,hash | a@b.c,secret | the hash: no kind of hash that is known here",
                "address,hash | a@b.c,{CRAM-MD5}secret | the hash: {CRAM-MD5} is not taken: that account needs a new password",
                "address,hash | a@b.c,$2y$20$9Sq.iAhhlwQ/XRlaGL/Q0uBb91LbAYKAJ6XfDczYkGCIAfhamA1Y2 | the hash: bcrypt with cost 20",
                "address,hash | a@b.c,{PLAIN} | the password is empty",
                "address,password,hash | a@b.c,secret,$1$x$secret | has both a password and a hash",
                "address,password,hash | a@b.c,, | has neither a password nor a hash",
                "address,password,hash | a@b.c,secret | expected address,password,hash",
                "address,hash,quota | a@b.c,x,y | there is no column quota",
                "address,hash,hash | a@b.c,x,y | a column stands there twice",
            })
    void whatCannotBeTakenForAHashOrAPasswordIsSaid(String header, String line, String reason) {
        Problem problem =
                assertThrows(Problem.class, () -> AccountFile.parse("f.csv", List.of(header.strip(), line.strip())));
        assertTrue(problem.getMessage().contains(reason), problem.getMessage());
        assertTrue(problem.getMessage().endsWith("nothing was imported"));
        assertFalse(problem.getMessage().contains("secret"), problem.getMessage());
    }

    @Test
    void anAddressMayStandOnlyOnce() {
        assertEquals(
                "f line 2: a@b.c stands on line 1 already\nnothing was imported",
                assertThrows(Problem.class, () -> AccountFile.parse("f", List.of("a@b.c,x", "A@B.c,y")))
                        .getMessage());
    }

    @Test
    void thousandsOfBadLinesDoNotFillTheScreen() {
        Problem problem = assertThrows(
                Problem.class, () -> AccountFile.parse("f", java.util.Collections.nCopies(5000, "nonsense")));
        assertEquals(22, problem.getMessage().lines().count());
        assertTrue(problem.getMessage().contains("… and 4980 more"));
    }

    @Test
    void aPasswordHasABound() {
        String longest = "x".repeat(PasswordArgument.MAX_PASSWORD);
        assertEquals(
                1, AccountFile.parse("f", List.of("a@b.c," + longest)).entries().size());
        assertThrows(Problem.class, () -> AccountFile.parse("f", List.of("a@b.c," + longest + "x")));
    }
}
