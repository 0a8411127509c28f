package io.postrider.store.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.store.ChangeFeed;
import io.postrider.store.Contents;
import io.postrider.store.Credentials;
import io.postrider.store.Directory;
import io.postrider.store.Mailboxes;
import io.postrider.store.Maildrops;
import io.postrider.store.Messages;
import io.postrider.store.Sessions;
import io.postrider.store.Store;
import io.postrider.store.administration.Administration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** The store on PostgreSQL: wires its parts by hand. */
public final class PostgresStore implements Store {
    private static final Statement PING = Statement.named("ping", """
            select coalesce(max(version), 0) as version
            from schema_version
            """);

    /** Octets of content that are remembered where nothing else is said. */
    private static final long CONTENT_CACHE_OCTETS = 64L << 20;

    private final Database database;
    private final int schemaKnown;
    private final PostgresChangeFeed changes;
    private final Sweeper sweeper;
    private final TenantUsage tenantUsage;
    private final PostgresDirectory directory;
    private final PostgresCredentials credentials;
    private final PostgresMailboxes mailboxes;
    private final PostgresMessages messages;
    private final PostgresContents contents;
    private final PostgresMaildrops maildrops;
    private final PostgresAdministration administration;

    private PostgresStore(Database database, SweepOptions sweeping, ContentCache contentCache, int schemaKnown) {
        this.database = database;
        this.schemaKnown = schemaKnown;
        this.changes = new PostgresChangeFeed(database, PostgresChangeFeed.SWEEP);
        this.sweeper = new Sweeper(database, sweeping);
        this.tenantUsage = new TenantUsage(database);
        this.directory = new PostgresDirectory(database);
        this.credentials = new PostgresCredentials(database);
        this.mailboxes = new PostgresMailboxes(database, changes);
        ContentIds ids = new ContentIds(database);
        this.messages = new PostgresMessages(database, changes, ids, contentCache);
        this.contents = new PostgresContents(database, ids);
        this.maildrops = new PostgresMaildrops(database);
        this.administration = new PostgresAdministration(database, mailboxes, contents);
    }

    /** With the default times of the sweep. */
    public static Future<PostgresStore> open(Vertx vertx, DatabaseOptions options, MeterRegistry registry) {
        return open(vertx, options, SweepOptions.DEFAULT, registry);
    }

    Database database() {
        return database;
    }

    /** Fails with one line when the database cannot be reached or holds another schema ({@link SchemaException}). */
    public static Future<PostgresStore> open(
            Vertx vertx, DatabaseOptions options, SweepOptions sweeping, MeterRegistry registry) {
        return open(vertx, options, sweeping, CONTENT_CACHE_OCTETS, registry);
    }

    /** @param contentCache octets of messages' content that are remembered, within an eighth of the heap; 0 for none */
    public static Future<PostgresStore> open(
            Vertx vertx, DatabaseOptions options, SweepOptions sweeping, long contentCache, MeterRegistry registry) {
        return open(vertx, options, sweeping, contentCache, registry, Migration.ALL);
    }

    /** A node that knows these migrations. */
    static Future<PostgresStore> open(
            Vertx vertx,
            DatabaseOptions options,
            SweepOptions sweeping,
            MeterRegistry registry,
            List<Migration> known) {
        return open(vertx, options, sweeping, CONTENT_CACHE_OCTETS, registry, known);
    }

    private static Future<PostgresStore> open(
            Vertx vertx,
            DatabaseOptions options,
            SweepOptions sweeping,
            long contentCache,
            MeterRegistry registry,
            List<Migration> known) {
        return new Migrator(vertx, options, known).check().compose(v -> {
            PostgresStore store = new PostgresStore(
                    new Database(vertx, options, registry),
                    sweeping,
                    new ContentCache(contentCache, registry),
                    known.size());
            store.sweeper.start();
            store.tenantUsage.start();
            return store.changes.start().map(store);
        });
    }

    @Override
    public Directory directory() {
        return directory;
    }

    @Override
    public Credentials credentials() {
        return credentials;
    }

    @Override
    public Mailboxes mailboxes() {
        return mailboxes;
    }

    @Override
    public Messages messages() {
        return messages;
    }

    @Override
    public Contents contents() {
        return contents;
    }

    @Override
    public ChangeFeed changes() {
        return changes;
    }

    @Override
    public Administration administration() {
        return administration;
    }

    @Override
    public Sessions sessions() {
        return changes.sessions();
    }

    @Override
    public Maildrops maildrops() {
        return maildrops;
    }

    @Override
    public Future<Void> ping() {
        return database.execute(PING, Tuple.tuple()).map(rows -> {
            int version = Rows.only(rows).getInteger("version");
            if (version < schemaKnown) {
                throw new SchemaException("the schema is version " + version + " only", null);
            }
            if (Migrator.isTooNew(version, schemaKnown)) {
                throw new SchemaException("the schema is version " + version + ", too new for this Postrider", null);
            }
            return null;
        });
    }

    @Override
    public Future<Void> close() {
        sweeper.stop();
        tenantUsage.stop();
        return changes.stop().compose(v -> database.close());
    }
}
