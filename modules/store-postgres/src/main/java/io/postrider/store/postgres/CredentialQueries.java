package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

import io.postrider.store.Credentials.AppPassword;
import io.postrider.store.Credentials.AppProof;
import io.postrider.store.Credentials.Guesses;
import io.postrider.store.Credentials.Proofs;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** SQL of credentials, known networks and failed logins. */
final class CredentialQueries {
    /**
     * Who a name belongs to and what it proves itself with. Always one row; of one without an account, and of a deleted one,
     * {@code there} is false. $1 address, $2 network, $3 digest of the name, $4 to $6 subjects of account, network and pair.
     */
    static final Statement PROOFS =
            named("credentials.proofs", """
            select %s,
              coalesce(%s, false) as there,
              coalesce(c.verifier, '') as verifier,
              coalesce(t.argon2id, true) as argon2id,
              coalesce(t.scram, true) as scram,
              substring(sha256(i.scram_secret || $3::bytea) from 1 for 16) as salt_of_nobody,
              k.network is not null as at_home,
              coalesce(k.last_login_on = current_date, false) as noted_today,
              app.ids, app.verifiers, app.protocols, app.used_today,
              coalesce(failed.of_account, 0) as of_account,
              coalesce(failed.of_network, 0) as of_network,
              coalesce(failed.of_pair, 0) as of_pair
            from installation i
            left join account a on a.address = $1
            left join tenant t on t.tenant_id = a.tenant_id
            left join credential c on c.account_id = a.account_id and c.label = ''
            left join known_network k on k.account_id = a.account_id and k.network = $2
            left join lateral (
              select array_agg(p.credential_id) as ids,
                array_agg(p.verifier) as verifiers,
                array_agg(coalesce(array_to_string(p.protocols, ' '), '')) as protocols,
                array_agg(coalesce(p.last_used_on = current_date, false)) as used_today
              from credential p
              where p.account_id = a.account_id
                and p.label <> ''
                and (p.expires_at is null or p.expires_at > now())
            ) as app on true
            left join lateral (
              select max(f.still) filter (where f.subject = $4) as of_account,
                max(f.still) filter (where f.subject = $5) as of_network,
                max(f.still) filter (where f.subject = $6) as of_pair
              from (
                select subject,
                  greatest(0, failures - extract(epoch from now() - counted_at) * forgotten_per_second)::float8 as still
                from login_failure
                where subject in ($4, $5, $6)
              ) as f
            ) as failed on true
            """.formatted(DirectoryQueries.COLUMNS.strip(), DirectoryQueries.NOT_DELETED));

    /** In the order of subjects, so that two nodes cannot wait for each other. */
    static final Statement COUNT_FAILURES = named("credentials.countFailures", """
            insert into login_failure as f (subject, failures, counted_at, forgotten_per_second)
            select n.subject, n.failures, now(), n.forgotten_per_second
            from unnest($1::bytea[], $2::float8[], $3::float8[]) as n (subject, failures, forgotten_per_second)
            order by n.subject
            on conflict (subject) do update
            set failures = excluded.failures
                + greatest(0, f.failures - extract(epoch from now() - f.counted_at) * f.forgotten_per_second),
              counted_at = excluded.counted_at,
              forgotten_per_second = excluded.forgotten_per_second
            """);

    /** $3: the pair's subject; $4: networks that may be kept beside this one. */
    static final Statement REMEMBER = named("credentials.remember", """
            with noted as (
              insert into known_network as k (account_id, network)
              values ($1, $2)
              on conflict (account_id, network) do update
              set last_login_on = excluded.last_login_on
              where k.last_login_on <> excluded.last_login_on
            ), forgiven as (
              delete from login_failure
              where subject = $3
            )
            delete from known_network
            where account_id = $1
              and network in (
                select network
                from known_network
                where account_id = $1
                  and network <> $2
                order by last_login_on desc, network
                offset $4
              )
            """);

    static final Statement REHASH = named("credentials.rehash", """
            update credential c
            set verifier = allowed_verifiers($3, t.argon2id, t.scram)
            from account a
            join tenant t on t.tenant_id = a.tenant_id
            where a.account_id = $1
              and c.account_id = $1
              and c.label = ''
              and c.verifier = $2
              and allowed_verifiers($3, t.argon2id, t.scram) is not null
            """);

    static final Statement ALLOW_VERIFIERS = named("credentials.allowVerifiers", """
            with owner as (
              update tenant
              set argon2id = $2, scram = $3
              where name = $1
              returning tenant_id
            ), dropped as (
              update credential c
              set verifier = allowed_verifiers(c.verifier, $2, $3)
              from account a
              join owner o on o.tenant_id = a.tenant_id
              where c.account_id = a.account_id
                and c.label = ''
                and allowed_verifiers(c.verifier, $2, $3) <> c.verifier
            )
            select tenant_id
            from owner
            """);

    /** $6: how many an account may have. No row when there is no account. */
    static final Statement ADD_APP_PASSWORD = named("credentials.addAppPassword", """
            with owner as (
              select a.account_id,
                (
                  select count(*)
                  from credential c
                  where c.account_id = a.account_id
                    and c.label <> ''
                ) as there
              from account a
              where a.address = $1
            ), added as (
              insert into credential (account_id, label, verifier, protocols, expires_at)
              select account_id, $2, $3, $4, $5
              from owner
              where there < $6
            )
            select there < $6 as added
            from owner
            """);

    /** A row with nothing in it for an account that has none. */
    static final Statement APP_PASSWORDS = named("credentials.appPasswords", """
            select c.label, c.protocols, c.created_at, c.expires_at, c.last_used_on
            from account a
            left join credential c on c.account_id = a.account_id and c.label <> ''
            where a.address = $1
            order by c.label
            """);

    static final Statement REVOKE_APP_PASSWORD = named("credentials.revokeAppPassword", """
            delete from credential c
            using account a
            where a.address = $1
              and c.account_id = a.account_id
              and c.label = $2
              and c.label <> ''
            returning c.credential_id
            """);

    static final Statement USED_APP_PASSWORD = named("credentials.usedAppPassword", """
            update credential
            set last_used_on = current_date
            where credential_id = $1
              and last_used_on is distinct from current_date
            """);

    private CredentialQueries() {}

    static Proofs proofs(Row row) {
        return new Proofs(
                row.getBoolean("there") ? Optional.of(DirectoryQueries.account(row)) : Optional.empty(),
                row.getString("verifier"),
                row.getBuffer("salt_of_nobody").getBytes(),
                row.getBoolean("argon2id"),
                row.getBoolean("scram"),
                appProofs(row),
                new Guesses(
                        row.getBoolean("at_home"),
                        row.getBoolean("noted_today"),
                        row.getDouble("of_account"),
                        row.getDouble("of_network"),
                        row.getDouble("of_pair")));
    }

    private static List<AppProof> appProofs(Row row) {
        Long[] ids = row.getArrayOfLongs("ids");
        if (ids == null) {
            return List.of();
        }
        String[] verifiers = row.getArrayOfStrings("verifiers");
        String[] protocols = row.getArrayOfStrings("protocols");
        Boolean[] usedToday = row.getArrayOfBooleans("used_today");
        List<AppProof> all = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            Set<String> only = protocols[i].isEmpty() ? Set.of() : Set.of(protocols[i].split(" "));
            all.add(new AppProof(ids[i], verifiers[i], only, usedToday[i]));
        }
        return all;
    }

    static AppPassword appPassword(Row row) {
        String[] protocols = row.getArrayOfStrings("protocols");
        return new AppPassword(
                row.getString("label"),
                protocols == null ? Set.of() : Set.of(protocols),
                row.getOffsetDateTime("created_at").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getLocalDate("last_used_on")));
    }
}
