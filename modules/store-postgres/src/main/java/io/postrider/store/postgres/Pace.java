package io.postrider.store.postgres;

/**
 * SQL that keeps a pace of so many a minute, as part of a statement: an account or tenant has used up time until a moment,
 * which each grant moves on by a minute's n-th part, and which is never more than a minute ahead. So after a quiet minute n
 * may come at once, and then one every n-th part of a minute.
 */
final class Pace {
    /** Behind a {@code where}: a row comes back when it is granted. */
    static final String GRANT = """
            on conflict (kind, subject) do update
              set used_until = greatest(p.used_until, now()) + (excluded.used_until - now())
              where greatest(p.used_until, now()) + (excluded.used_until - now()) <= now() + interval '1 minute'
              returning p.subject""";

    private Pace() {}

    /** Before the {@code where}, out of {@code found f}. */
    static String of(String kind, String subject, String limit) {
        return """
            insert into pace as p (kind, subject, used_until)
              select '%s', %s, now() + interval '1 minute' / %s
              from found f""".formatted(kind, subject, limit);
    }
}
