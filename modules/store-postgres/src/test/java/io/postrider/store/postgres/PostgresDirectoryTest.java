package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Account;
import io.postrider.store.Directory;
import io.postrider.store.Directory.Domain;
import io.postrider.store.Directory.NewAccount;
import io.postrider.store.Directory.Recipient;
import io.postrider.store.Mailbox;
import io.postrider.store.Refusal;
import io.postrider.store.SpecialUse;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresDirectoryTest {
    private final StoreFixture fixture = new StoreFixture();
    private final Directory directory = fixture.store.directory();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anAccountLogsInWithItsAddressInAnyCase() {
        Account alice = fixture.account("alice");
        Directory.Login login = await(directory.login("Alice@EXAMPLE.com")).orElseThrow();
        assertEquals(alice, login.account());
        assertEquals("alice@example.com", login.account().address());
        assertEquals("$verifier$alice", verifier("alice@example.com"));
        await(directory.setPassword("ALICE@example.com", "$new$"));
        assertEquals("$new$", verifier("alice@example.com"));
    }

    private String verifier(String address) {
        return await(fixture.store.credentials().proofs(address, "")).verifier();
    }

    @Test
    void aLoginThatCanBeNobodysIsNobodys() {
        for (String name : List.of(
                "", "@", "alice", "@example.com", "bob@example.com", "a\0b@example.com", "\ud800@example.com")) {
            assertTrue(await(directory.login(name)).isEmpty(), name);
            assertFalse(await(directory.recipient(name, 1)).isPresent(), name);
        }
        Refusal refusal = awaitFailure(Refusal.class, directory.setPassword("bob@example.com", "$v$"));
        assertEquals(Refusal.Kind.NONEXISTENT, refusal.kind());
    }

    @Test
    void mailFindsItsAccountByAddressDetailAliasAndCatchAll() {
        Account alice = fixture.account("alice");
        Account post = fixture.account("post");
        fixture.database.execute("insert into address values ('info@example.com', " + alice.accountId()
                + "), ('@example.com', " + post.accountId() + "), ('alice+own@example.com', " + post.accountId() + ")");
        assertEquals(
                Optional.of(new Recipient(alice, "alice@example.com", "", Optional.empty())),
                await(directory.recipient("Alice@Example.COM", 1)));
        assertEquals(
                Optional.of(new Recipient(alice, "alice+lists+more@example.com", "lists+more", Optional.empty())),
                await(directory.recipient("alice+Lists+more@example.com", 1)));
        assertEquals(
                Optional.of(new Recipient(alice, "info+x@example.com", "x", Optional.empty())),
                await(directory.recipient("info+x@example.com", 1)));
        assertEquals(
                Optional.of(new Recipient(post, "alice+own@example.com", "", Optional.empty())),
                await(directory.recipient("alice+own@example.com", 1)));
        assertEquals(
                Optional.of(new Recipient(post, "who+ever@example.com", "", Optional.empty())),
                await(directory.recipient("who+ever@example.com", 1)));
        assertEquals(Optional.empty(), await(directory.recipient("alice@example.org", 1)));
    }

    @Test
    void aDomainIsTheSameInUnicodeAndPunycode() {
        await(directory.addDomain("BÜCHER.example", "Shop"));
        assertTrue(await(directory.isLocal("xn--bcher-kva.example")));
        assertTrue(await(directory.isLocal("bu\u0308cher.EXAMPLE")));
        assertFalse(await(directory.isLocal("example")));
        await(directory.createAccounts(List.of(new NewAccount("jörg@xn--bcher-kva.example", "$v$", 7))));
        Account account = await(directory.recipient("Jörg@bücher.example", 1))
                .orElseThrow()
                .account();
        assertEquals("jörg@bücher.example", account.address());
        assertEquals(7, account.octetLimit());
    }

    @Test
    void domainsBelongToTenants() {
        await(directory.addDomain("example.org", "Example"));
        await(directory.addDomain("other.example", "Other"));
        fixture.account("alice");
        assertEquals(
                List.of(
                        new Domain("example.com", "Example", 1),
                        new Domain("example.org", "Example", 0),
                        new Domain("other.example", "Other", 0)),
                await(directory.domains()));
        for (String taken : List.of("example.org", "EXAMPLE.ORG")) {
            Refusal refusal = awaitFailure(Refusal.class, directory.addDomain(taken, "Other"));
            assertEquals(Refusal.Kind.ALREADY_EXISTS, refusal.kind());
        }
        for (String wrong : List.of("", "a@b", "a b", "a\0b")) {
            assertEquals(
                    Refusal.Kind.CANNOT,
                    awaitFailure(Refusal.class, directory.addDomain(wrong, "Other"))
                            .kind());
        }
    }

    @Test
    void aNewAccountHasTheUsualMailboxes() {
        Account alice = fixture.account("alice");
        List<Mailbox> mailboxes = await(fixture.store.mailboxes().list(alice.accountId()));
        assertEquals(
                List.of("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"),
                mailboxes.stream().map(Mailbox::name).toList());
        assertEquals(
                List.of(
                        Optional.empty(),
                        Optional.of(SpecialUse.ARCHIVE),
                        Optional.of(SpecialUse.DRAFTS),
                        Optional.of(SpecialUse.JUNK),
                        Optional.of(SpecialUse.SENT),
                        Optional.of(SpecialUse.TRASH)),
                mailboxes.stream().map(Mailbox::specialUse).toList());
        assertTrue(mailboxes.stream().allMatch(m -> m.selectable() && m.subscribed() && m.uidNext() == 1));
        assertEquals(6, mailboxes.stream().map(Mailbox::uidValidity).distinct().count());
        assertTrue(mailboxes.stream().allMatch(m -> m.uidValidity() > 1_500_000_000L && m.uidValidity() < 1L << 32));
    }

    @Test
    void accountsAreMadeAllOrNone() {
        fixture.account("alice");
        for (List<String> wrong : List.of(
                List.of("ALREADY_EXISTS", "alice@example.com"),
                List.of("NONEXISTENT", "carol@nowhere.example"),
                List.of("ALREADY_EXISTS", "BOB@example.com"),
                List.of("CANNOT", "no address"))) {
            Refusal refusal = awaitFailure(
                    Refusal.class,
                    directory.createAccounts(List.of(
                            new NewAccount("bob@example.com", "$v$", 0), new NewAccount(wrong.get(1), "$v$", 0))));
            assertEquals(wrong.get(0), refusal.kind().name());
            assertTrue(refusal.getMessage().toLowerCase().contains(wrong.get(1).toLowerCase()), refusal.getMessage());
        }
        assertEquals(1, fixture.count("select count(*) from account"));
        assertEquals(6, fixture.count("select count(*) from mailbox"));
    }

    @Test
    void twoWhoMakeTheSameAccountAtOnceGetOne() {
        List<io.vertx.core.Future<List<Account>>> both = IntStream.range(0, 8)
                .mapToObj(i -> directory.createAccounts(List.of(new NewAccount("alice@example.com", "$v$", 0))))
                .toList();
        await(io.vertx.core.Future.join(both).otherwiseEmpty());
        assertEquals(1, both.stream().filter(io.vertx.core.Future::succeeded).count());
        both.stream()
                .filter(io.vertx.core.Future::failed)
                .forEach(lost -> assertEquals(
                        Refusal.Kind.ALREADY_EXISTS,
                        awaitFailure(Refusal.class, lost).kind()));
    }

    @Test
    void thousandsAreMadeInSeconds() {
        List<NewAccount> many = IntStream.range(0, 5000)
                .mapToObj(i -> new NewAccount(String.format("u%05d@example.com", i), "$v$" + i, i))
                .toList();
        long started = System.nanoTime();
        List<Account> made = await(directory.createAccounts(many));
        long millis = (System.nanoTime() - started) / 1_000_000;
        assertTrue(millis < 10_000, millis + " ms");
        assertEquals(
                many.stream().map(NewAccount::address).toList(),
                made.stream().map(Account::address).toList());
        assertEquals(4999, made.get(4999).octetLimit());
        assertEquals("$v$4999", verifier("u04999@example.com"));
        assertEquals(30_000, fixture.count("select count(*) from mailbox"));

        assertEquals(made.subList(0, 10), await(directory.accounts("", "", 10)));
        assertEquals(
                made.subList(10, 20),
                await(directory.accounts("Example.com", made.get(9).address(), 10)));
        assertEquals(List.of(), await(directory.accounts("other.example", "", 10)));
        assertEquals(List.of(), await(directory.accounts("", made.get(4999).address(), 10)));

        fixture.database.execute("insert into account (tenant_id, domain, address) select 1, 'example.com', 'v' || n ||"
                + " '@example.com' from generate_series(1, 5001) as n");
        assertEquals(
                PostgresDirectory.MAX_PAGE,
                await(directory.accounts("", "", Integer.MAX_VALUE)).size());

        Refusal refusal = awaitFailure(
                Refusal.class,
                directory.createAccounts(java.util.Collections.nCopies(NewAccounts.MAX + 1, many.get(0))));
        assertEquals(Refusal.Kind.LIMIT, refusal.kind());
    }
}
