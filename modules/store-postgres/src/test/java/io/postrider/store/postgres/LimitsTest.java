package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static io.postrider.store.postgres.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postrider.store.Account;
import io.postrider.store.Directory.Recipient;
import io.postrider.store.Flags;
import io.postrider.store.MailboxKey;
import io.postrider.store.Refusal;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.Sessions;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each limit of an account and of its tenant, at its bound; and sessions on two nodes. */
class LimitsTest {
    private static final int SIZE = Mail.text("m0").length();

    private final StoreFixture fixture = new StoreFixture();
    private final Account alice = fixture.account("alice");
    private final Account bob = fixture.account("bob");
    private final Mail mail = new Mail(fixture.store, alice);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void withoutLimitsNothingIsRefused() {
        assertEquals(Optional.empty(), obstacle("alice", Long.MAX_VALUE / 2));
        mail.append(3);
        await(open(fixture.store, alice));
    }

    @Test
    void anAccountsMessagesAreCountedByAppendCopyAndRecipient() {
        limit("account", "message_limit", 2);
        mail.append(1);
        assertEquals(Optional.empty(), obstacle("alice", 1));
        mail.append(1);
        assertEquals(Optional.of(Kind.OVER_QUOTA), obstacle("alice", 1));
        MailboxKey other = fixture.mailbox(alice, "Archive");
        assertEquals(Kind.OVER_QUOTA, refused(mail.appending(other, "third", Flags.NONE)));
        assertEquals(Kind.OVER_QUOTA, refused(mail.messages().copy(mail.inbox, UidSet.of(1), other)));
        await(mail.messages().move(mail.inbox, UidSet.of(1), other));
        assertEquals(1, mail.get(mail.inbox).messages());
    }

    @Test
    void aMessageMayBeAsLargeAsAccountAndTenantTake() {
        limit("tenant", "message_size_limit", SIZE);
        limit("account", "message_size_limit", SIZE + 10);
        mail.append(1);
        assertEquals(Optional.empty(), obstacle("alice", SIZE));
        assertEquals(Optional.of(Kind.TOO_BIG), obstacle("alice", SIZE + 1));
        assertEquals(Kind.TOO_BIG, refused(mail.appending(mail.inbox, "m0 and more", Flags.NONE)));
        assertEquals(
                SIZE, await(fixture.store.mailboxes().usage(alice.accountId())).messageSizeLimit());
        limit("tenant", "message_size_limit", 0);
        mail.append(mail.inbox, "m0+", Flags.NONE);
    }

    @Test
    void aTenantsQuotaIsForAllItsAccountsOnceTheyAreCounted() {
        limit("tenant", "octet_limit", 2 * SIZE);
        mail.append(1);
        count();
        assertEquals(Optional.empty(), obstacle("bob", SIZE));
        assertEquals(Optional.of(Kind.OVER_QUOTA), obstacle("bob", SIZE + 1));
        Mail ofBob = new Mail(fixture.store, bob);
        ofBob.append(1);
        count();
        assertEquals(Kind.OVER_QUOTA, refused(ofBob.appending(ofBob.inbox, "m0", Flags.NONE)));
        assertEquals(
                Kind.OVER_QUOTA,
                refused(ofBob.messages().copy(ofBob.inbox, UidSet.of(1), fixture.mailbox(bob, "Archive"))));
        limit("tenant", "octet_limit", 0);
        limit("tenant", "message_limit", 2);
        assertEquals(Optional.of(Kind.OVER_QUOTA), obstacle("bob", 1));
        assertEquals(Kind.OVER_QUOTA, refused(ofBob.appending(ofBob.inbox, "m0", Flags.NONE)));
        await(ofBob.messages().remove(ofBob.inbox, UidSet.of(1)));
        until("counted by itself", () -> obstacle("bob", 1).isEmpty());
    }

    @Test
    void mailboxesOfAnAccountAndOfATenant() {
        limit("account", "mailbox_limit", 7);
        mail.create("seventh");
        assertEquals(
                Kind.LIMIT, refused(fixture.store.mailboxes().create(alice.accountId(), "eighth", Optional.empty())));
        limit("account", "mailbox_limit", 0);
        limit("tenant", "mailbox_limit", 14);
        count();
        mail.create("eighth");
        count();
        Refusal refusal = awaitFailure(
                Refusal.class, fixture.store.mailboxes().create(bob.accountId(), "seventh", Optional.empty()));
        assertEquals("This account may have 6 mailboxes at most", refusal.getMessage());
    }

    @Test
    void deliveriesAMinuteOfAnAccountAndOfATenant() {
        limit("account", "delivery_limit", 2);
        assertEquals(Optional.empty(), obstacle("alice", 1));
        assertEquals(Optional.empty(), obstacle("alice", 1));
        assertEquals(Optional.of(Kind.TOO_FAST), obstacle("alice", 1));
        // Half a minute is one of two a minute.
        fixture.database.execute("update pace set used_until = used_until - interval '30 seconds'");
        assertEquals(Optional.empty(), obstacle("alice", 1));
        assertEquals(Optional.of(Kind.TOO_FAST), obstacle("alice", 1));
        limit("account", "delivery_limit", 0);
        limit("tenant", "delivery_limit", 1);
        assertEquals(Optional.empty(), obstacle("bob", 1));
        assertEquals(Optional.of(Kind.TOO_FAST), obstacle("alice", 1));
    }

    @Test
    void deliveryMayBeForbiddenAndDeletedAccountsAreNobodys() {
        fixture.database.execute("update account set protocols = '{imap}' where address = 'alice@example.com'");
        assertEquals(Optional.of(Kind.FORBIDDEN), obstacle("alice", 1));
        fixture.database.execute("update tenant set state = 'suspended'");
        assertEquals(Optional.of(Kind.SUSPENDED), obstacle("alice", 1));
        fixture.database.execute("update tenant set state = 'deleted'");
        assertEquals(Optional.empty(), await(fixture.store.directory().recipient("alice@example.com", 1)));
        assertEquals(Optional.empty(), await(fixture.store.directory().login("alice@example.com")));
    }

    /** A tenant's is its accounts', where they have none of their own. */
    @Test
    void whoseMailIsElsewhereGetsNoneHereAndIsToldWhere() {
        List<String> heard = new CopyOnWriteArrayList<>();
        await(fixture.store.sessions().open(bob.accountId(), "imap", "192.0.2.1", heard::add));
        fixture.database.execute("update tenant set referral = 'b.example'");
        fixture.database.execute("update account set referral = 'c.example:1143' where address = 'alice@example.com'");
        assertEquals(Optional.of(Kind.MOVED), obstacle("alice", 1));
        assertEquals("c.example:1143", movedTo(open(fixture.store, alice)));
        assertEquals("b.example", movedTo(open(fixture.store, bob)));
        fixture.database.execute("notify postrider_changes, 'administrator t1'");
        until("bob hears", () -> heard.equals(List.of("This account has moved to another server")));
        fixture.database.execute("update account set state = 'suspended'");
        assertEquals(Kind.SUSPENDED, refused(open(fixture.store, bob)));
        fixture.database.execute("update account set state = 'active', referral = null");
        fixture.database.execute("update tenant set referral = null");
        assertEquals(Optional.empty(), obstacle("alice", 1));
        await(open(fixture.store, alice));
    }

    private static String movedTo(Future<?> session) {
        return session.transform(done -> Future.succeededFuture(((Refusal.Moved) done.cause()).server()))
                .await();
    }

    @Test
    void sessionsAreCountedOnAllNodes() {
        PostgresStore other = fixture.anotherNode();
        limit("account", "connection_limit", 2);
        Sessions.Session first = await(open(fixture.store, alice));
        await(open(other, alice));
        assertEquals(Kind.TOO_MANY_SESSIONS, refused(open(other, alice)));
        first.close();
        until("the first is forgotten", () -> fixture.count("select count(*) from session") == 1);
        await(open(fixture.store, alice));
        limit("tenant", "connection_limit", 2);
        assertEquals(Kind.TOO_MANY_SESSIONS, refused(open(other, bob)));
        await(other.close());
        await(open(fixture.store, bob));
    }

    @Test
    void sessionsOfANodeThatIsDeadDoNotCount() {
        limit("account", "connection_limit", 1);
        await(open(fixture.store, alice));
        fixture.database.execute("insert into session values (1, 1, " + bob.accountId() + ", 1, 'imap', '192.0.2.1')");
        fixture.database.execute("insert into node values (1, 'dead', now() - interval '1 hour')");
        fixture.database.execute("update account set connection_limit = 1");
        await(open(fixture.store, bob));
        assertEquals(Kind.TOO_MANY_SESSIONS, refused(open(fixture.store, bob)));
    }

    @Test
    void loginsAMinuteAndProtocols() {
        limit("account", "login_limit", 1);
        await(open(fixture.store, alice));
        assertEquals(Kind.TOO_FAST, refused(open(fixture.store, alice)));
        limit("tenant", "login_limit", 1);
        await(open(fixture.store, bob));
        limit("account", "login_limit", 0);
        assertEquals(Kind.TOO_FAST, refused(open(fixture.store, alice)));
        fixture.database.execute("update tenant set protocols = '{pop3,lmtp}'");
        assertEquals(Kind.FORBIDDEN, refused(open(fixture.store, bob)));
        fixture.database.execute("update account set state = 'suspended'");
        assertEquals(Kind.SUSPENDED, refused(open(fixture.store, bob)));
        fixture.database.execute("update account set state = 'deleted'");
        assertEquals(Kind.NONEXISTENT, refused(open(fixture.store, bob)));
    }

    @Test
    void aSuspendedAccountsSessionsEndOnEveryNodeAndNobodyElses() {
        PostgresStore other = fixture.anotherNode();
        List<String> heard = new CopyOnWriteArrayList<>();
        for (PostgresStore node : List.of(fixture.store, other)) {
            await(node.sessions().open(alice.accountId(), "imap", "192.0.2.1", why -> heard.add("alice: " + why)));
            await(node.sessions().open(bob.accountId(), "imap", "192.0.2.1", why -> heard.add("bob: " + why)));
        }
        fixture.database.execute("update account set state = 'suspended' where address = 'alice@example.com'");
        fixture.database.execute("notify postrider_changes, 'administrator a" + alice.accountId() + ",a999,x,a'");
        until("both hear", () -> heard.size() == 2);
        assertEquals(
                List.of("alice: This account is suspended", "alice: This account is suspended"),
                new ArrayList<>(heard));
        until("they are forgotten", () -> fixture.count("select count(*) from session") == 2);
        fixture.database.execute("update tenant set state = 'deleted'");
        fixture.database.execute("notify postrider_changes, 'administrator t1'");
        until("bob's too", () -> heard.size() == 4);
        assertEquals("bob: This account is no longer here", heard.get(3));
    }

    @Test
    void whatACrashOfPostgresqlTookIsWrittenAgainAndEndsNoSession() {
        List<String> heard = new CopyOnWriteArrayList<>();
        await(fixture.store.sessions().open(alice.accountId(), "imap", "192.0.2.1", heard::add));
        until("the node is known", () -> fixture.count("select count(*) from node") == 1);
        fixture.database.execute("truncate node, session, pace");
        until("it is known again", () -> fixture.count("select count(*) from session") == 1);
        assertEquals(
                "imap from 192.0.2.1",
                fixture.database.queryOne("select protocol || ' from ' || client_address from session"));
        assertEquals(List.of(), heard);
    }

    private void count() {
        fixture.database.execute("delete from tenant_usage");
        TenantUsage usage = new TenantUsage(fixture.store.database());
        await(usage.count(Duration.ZERO));
    }

    private void limit(String table, String column, long limit) {
        fixture.database.execute("update " + table + " set " + column + " = " + limit
                + (table.equals("account") ? " where address = 'alice@example.com'" : ""));
    }

    private Optional<Kind> obstacle(String name, long octets) {
        return await(fixture.store.directory().recipient(name + "@example.com", octets))
                .flatMap(Recipient::obstacle);
    }

    private static Future<Sessions.Session> open(PostgresStore node, Account account) {
        return node.sessions().open(account.accountId(), "imap", "192.0.2.1", why -> {});
    }

    private static Kind refused(Future<?> future) {
        return awaitFailure(Refusal.class, future).kind();
    }
}
