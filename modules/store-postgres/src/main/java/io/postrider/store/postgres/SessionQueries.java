package io.postrider.store.postgres;

import static io.postrider.store.postgres.Statement.named;

/** SQL of sessions. A session counts as long as its node has been seen lately. */
final class SessionQueries {
    /** Whether the node of session {@code s} lives; $1 is always its lease in seconds. */
    static final String LIVES = """
            exists (
                    select
                    from node n
                    where n.node_id = s.node_id
                      and n.seen_at > now() - make_interval(secs => $1)
                  )""";

    /** What an account is refused for with nothing counted; %1$s the protocol. */
    private static final String OBSTACLE = """
            when not (a.active and a.state = 'active' and t.state = 'active') then 'SUSPENDED'
                  when %2$s is not null then 'MOVED'
                  when %1$s::text <> all (a.protocols) or %1$s <> all (t.protocols) then 'FORBIDDEN'""";

    /**
     * Lets account $1 in as {@link #OPEN_LIMITED} does, unless there are limits to look at: then it says {@code limited} and
     * does nothing. It waits for nobody, and costs half. $2 protocol, $3 session, $4 node, $5 client address.
     */
    static final Statement OPEN = named("sessions.open", """
            with found as (
              select a.account_id, a.tenant_id,
                greatest(a.connection_limit, t.connection_limit, a.login_limit, t.login_limit) > 0 as limited,
                %3$s as referral,
                case
                  %1$s
                end as refusal
              from account a
              join tenant t on t.tenant_id = a.tenant_id
              where a.account_id = $1
                and %2$s
            ), opened as (
              insert into session (session_id, node_id, account_id, tenant_id, protocol, client_address)
              select $3, $4, account_id, tenant_id, $2, $5
              from found
              where refusal is null
                and not limited
            )
            select tenant_id, limited, refusal, referral
            from found
            """.formatted(
                    OBSTACLE.formatted("$2", DirectoryQueries.REFERRAL),
                    DirectoryQueries.NOT_DELETED,
                    DirectoryQueries.REFERRAL));

    /**
     * Lets account $2 in, or says why not; no row when it is not there. $3 protocol, $4 session, $5 node, $6 client address.
     *
     * <p>Who logs in at the same moment is not seen, so that as many as do may go beyond the limit of sessions.
     */
    static final Statement OPEN_LIMITED = named("sessions.openLimited", """
            with found as (
              select a.account_id, a.tenant_id, a.login_limit, t.login_limit as tenant_login_limit,
                %6$s as referral,
                case
                  %7$s
                  when a.connection_limit > 0 and a.connection_limit <= (
                    select count(*)
                    from session s
                    where s.account_id = a.account_id
                      and s.ending is null
                      and %1$s) then 'TOO_MANY_SESSIONS'
                  when t.connection_limit > 0 and t.connection_limit <= (
                    select count(*)
                    from session s
                    where s.tenant_id = a.tenant_id
                      and s.ending is null
                      and %1$s) then 'TOO_MANY_SESSIONS'
                end as obstacle
              from account a
              join tenant t on t.tenant_id = a.tenant_id
              where a.account_id = $2
                and %2$s
            ), own_pace as (
              %3$s
              where f.obstacle is null
                and f.login_limit > 0
              %5$s
            ), tenant_pace as (
              %4$s
              where f.obstacle is null
                and f.tenant_login_limit > 0
                and (f.login_limit = 0 or exists (select from own_pace))
              %5$s
            ), verdict as (
              select f.account_id, f.tenant_id, f.referral,
                case
                  when f.obstacle is not null then f.obstacle
                  when f.login_limit > 0 and not exists (select from own_pace)
                    or f.tenant_login_limit > 0 and not exists (select from tenant_pace) then 'TOO_FAST'
                end as refusal
              from found f
            ), opened as (
              insert into session (session_id, node_id, account_id, tenant_id, protocol, client_address)
              select $4, $5, account_id, tenant_id, $3, $6
              from verdict
              where refusal is null
            )
            select tenant_id, refusal, referral
            from verdict
            """.formatted(
                    LIVES,
                    DirectoryQueries.NOT_DELETED,
                    Pace.of("account.login", "f.account_id", "f.login_limit"),
                    Pace.of("tenant.login", "f.tenant_id", "f.tenant_login_limit"),
                    Pace.GRANT,
                    DirectoryQueries.REFERRAL,
                    OBSTACLE.formatted("$3", DirectoryQueries.REFERRAL)));

    static final Statement CLOSE = named("sessions.close", """
            delete from session
            where session_id = any ($1::bigint[])
            """);

    /** Says that node $1 lives; {@code is_new} when nobody knew, or no longer. */
    static final Statement NODE_LIVES = named("sessions.nodeLives", """
            insert into node (node_id, name)
            values ($1, $2)
            on conflict (node_id) do update set seen_at = now()
            returning xmax = 0 as is_new
            """);

    static final Statement NODE_GOES = named("sessions.nodeGoes", """
            with gone as (
              delete from node
              where node_id = $1
            )
            delete from session
            where node_id = $1
            """);

    /** What was lost with a crash of PostgreSQL, or while the node was taken for dead. $1 node, then a column each. */
    static final Statement WRITE_AGAIN = named("sessions.writeAgain", """
            insert into session (session_id, node_id, account_id, tenant_id, protocol, client_address, since)
            select w.session_id, $1, w.account_id, w.tenant_id, w.protocol, w.client_address, w.since
            from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[])
              as w (session_id, account_id, tenant_id, protocol, client_address, since)
            on conflict (session_id) do nothing
            """);

    /** Rows of node $1 that are none of its sessions $2: their end could not be written. */
    static final Statement FORGET_STRAYS = named("sessions.forgetStrays", """
            delete from session s
            where s.node_id = $1
              and s.since < now() - interval '1 minute'
              and not exists (
                select
                from unnest($2::bigint[]) as known (session_id)
                where known.session_id = s.session_id
              )
            """);

    /** Of the sessions $1 (accounts $2, protocols $3) those that have to end, and why. */
    static final Statement TO_END =
            named("sessions.toEnd", """
            select w.session_id,
              case
                when a.account_id is null or not (%1$s) then 'This account is no longer here'
                when s.ending is not null then s.ending
                when not (a.active and a.state = 'active' and t.state = 'active') then 'This account is suspended'
                when %2$s is not null then 'This account has moved to another server'
                else 'This account may not use this protocol'
              end as why
            from unnest($1::bigint[], $2::bigint[], $3::text[]) as w (session_id, account_id, protocol)
            left join session s on s.session_id = w.session_id
            left join account a on a.account_id = w.account_id
            left join tenant t on t.tenant_id = a.tenant_id
            where s.ending is not null
              or a.account_id is null
              or not (a.active and a.state = 'active' and t.state = 'active')
              or %2$s is not null
              or w.protocol <> all (a.protocols)
              or w.protocol <> all (t.protocols)
            """.formatted(DirectoryQueries.NOT_DELETED, DirectoryQueries.REFERRAL));

    /** Nodes that have not been seen for $1 seconds, and what they left; and paces that are used up no more. */
    static final Statement SWEEP = named("sessions.sweep", """
            with dead as (
              delete from node
              where seen_at < now() - make_interval(secs => $1)
            ), rested as (
              delete from pace
              where used_until < now()
            )
            delete from session s
            where not exists (
                select
                from node n
                where n.node_id = s.node_id
                  and n.seen_at >= now() - make_interval(secs => $1)
              )
            """);

    private SessionQueries() {}
}
