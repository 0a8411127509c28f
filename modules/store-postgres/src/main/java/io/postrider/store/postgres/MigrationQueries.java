package io.postrider.store.postgres;

/** What the migrator asks before there is a schema; these are no {@link Statement}s, nothing prepares them. */
final class MigrationQueries {
    static final String CREATE_SCHEMA_VERSION = """
            create table if not exists schema_version (
              version integer primary key,
              name text not null,
              checksum text not null,
              applied_at timestamptz not null default now()
            )
            """;

    static final String HAS_SCHEMA_VERSION = "select to_regclass('schema_version') is not null";

    static final String SERVER = """
            select current_setting('server_version_num')::integer as version,
              current_setting('server_encoding') as encoding
            """;

    static final String APPLIED = "select version, checksum from schema_version";

    static final String INSERT_APPLIED = "insert into schema_version (version, name, checksum) values ($1, $2, $3)";

    private MigrationQueries() {}
}
