package io.postrider.store.postgres;

/** The octets of messages: chunk rows in as they come, slices out. */
final class ContentQueries {
    private ContentQueries() {}

    /** The first of a block of content ids. */
    static final Statement NEXT_CONTENT_IDS = Statement.named("contents.nextIds", """
            select nextval('content_id_seq') as first
            """);

    /** The first chunk of a large message, for each of its accounts. $1 accounts, $2 content, $3 octets. */
    static final Statement BEGIN = Statement.named("contents.begin", """
            with begun as (
              insert into incoming (account_id, content_id)
              select a.account_id, $2::bigint
              from unnest($1::bigint[]) as a (account_id)
            )
            insert into chunk (account_id, content_id, n, octets)
            select a.account_id, $2, 0, $3::bytea
            from unnest($1::bigint[]) as a (account_id)
            """);

    /** A further chunk. $1 accounts, $2 content, $3 its number, $4 octets. */
    static final Statement ADD_CHUNK = Statement.named("contents.addChunk", """
            insert into chunk (account_id, content_id, n, octets)
            select a.account_id, $2::bigint, $3::integer, $4::bytea
            from unnest($1::bigint[]) as a (account_id)
            """);

    /**
     * A message's first octets, as many of $3 as its header and first chunk hold: of most messages all. $1 account, $2 content. Costs
     * less than half of what READ does.
     */
    static final Statement READ_BEGINNING = Statement.named("contents.readBeginning", """
            select
              substring(c.header from 1 for $3::integer) as from_header,
              (
                select substring(k.octets from 1 for greatest($3::integer - octet_length(c.header), 0))
                from chunk k
                where k.account_id = $1 and k.content_id = $2 and k.n = 0
              ) as from_chunks
            from content c
            where c.account_id = $1 and c.content_id = $2
            """);

    /**
     * A slice. $1 account, $2 content, $3 offset from 0, $4 length. No row when there is no such content. Chunks are stored
     * uncompressed, so only the pages that hold the slice are read.
     */
    static final Statement READ = Statement.named("contents.read", """
            select
              substring(c.header from least(asked.first, octet_length(c.header))::integer + 1 for asked.octets) as from_header,
              (
                select string_agg(
                  substring(k.octets
                    from greatest(body.first - k.n * body.chunk_octets, 0)::integer + 1
                    for (least(body.last, (k.n + 1) * body.chunk_octets)
                      - greatest(body.first, k.n * body.chunk_octets))::integer),
                  ''::bytea order by k.n)
                from chunk k
                where k.account_id = $1 and k.content_id = $2
                  and k.n between body.first / body.chunk_octets and (body.last - 1) / body.chunk_octets
                  and body.last > body.first
              ) as from_chunks
            from content c
            cross join lateral (
              select least($3::bigint, c.size) as first, $4::integer as octets
            ) as asked
            cross join lateral (
              select
                greatest(asked.first - octet_length(c.header), 0) as first,
                least(asked.first + asked.octets, c.size) - octet_length(c.header) as last,
                (
                  select octet_length(octets)::bigint
                  from chunk
                  where account_id = $1 and content_id = $2 and n = 0
                ) as chunk_octets
            ) as body
            where c.account_id = $1 and c.content_id = $2
            """);
}
