package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postrider.store.Account;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemovalTest {
    private static final List<String> TABLES = List.of(
            "address",
            "credential",
            "mailbox",
            "message",
            "content",
            "chunk",
            "search_text",
            "subscription",
            "account");

    private final StoreFixture fixture = new StoreFixture();
    private final Account alice = fixture.account("alice");
    private final Account bob = fixture.account("bob");
    private final Sweeper sweeper = new Sweeper(fixture.store.database(), SweepOptions.DEFAULT);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aDeletedAccountKeepsItsMailForTheGracePeriodAndThenNothing() {
        new Mail(fixture.store, alice).append(3);
        new Mail(fixture.store, bob).append(1);
        fixture.fill(fixture.mailbox(alice, "Archive"), Sweeper.BATCH + 1);
        fixture.database.execute("update account set state = 'deleted', state_since = now() - interval '29 days'"
                + " where address = 'alice@example.com'");
        await(sweeper.sweep());
        assertEquals(Sweeper.BATCH + 4, rows("message", alice));
        fixture.database.execute("update account set state_since = now() - interval '31 days' where state = 'deleted'");
        await(sweeper.sweep());
        for (String table : TABLES) {
            assertEquals(0, rows(table, alice), table);
            assertEquals(true, rows(table, bob) > 0, table);
        }
        fixture.account("alice");
    }

    @Test
    void aDeletedTenantGoesWithAllThatIsItsAndTheAuditStays() {
        await(fixture.store.directory().addDomain("other.example", "Other"));
        fixture.database.execute(
                "insert into audit (tenant_id, actor, origin, action, target) values (1, '', '', '', '')");
        fixture.database.execute("update tenant set state = 'deleted', state_since = now() - interval '31 days'"
                + " where name = 'Example'");
        await(sweeper.sweep());
        assertEquals(0, fixture.count("select count(*) from account"));
        assertEquals(0, fixture.count("select count(*) from mailbox"));
        assertEquals("other.example", fixture.database.queryOne("select string_agg(name, ' ') from domain"));
        assertEquals("Other", fixture.database.queryOne("select string_agg(name, ' ') from tenant"));
        assertEquals(1, fixture.count("select count(*) from audit"));
    }

    @Test
    void aShorterGracePeriodCanBeConfigured() {
        fixture.database.execute("update account set state = 'deleted' where address = 'alice@example.com'");
        await(new Sweeper(fixture.store.database(), SweepOptions.DEFAULT.withDeletedGrace(Duration.ZERO)).sweep());
        assertEquals("bob@example.com", fixture.database.queryOne("select string_agg(address, ' ') from account"));
    }

    private long rows(String table, Account account) {
        return fixture.count("select count(*) from " + table + " where account_id = " + account.accountId());
    }
}
