package io.postrider.store.postgres;

import io.postrider.message.CaseFold;
import io.postrider.store.MailboxKey;
import io.postrider.store.Refusal;
import io.postrider.store.SearchKey;
import io.postrider.store.SearchKey.And;
import io.postrider.store.SearchKey.Or;
import io.postrider.store.SortKey;
import io.postrider.store.UidSet;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * SEARCH and SORT: the one statement that is assembled. Whatever the client gave goes in as an argument, never as text of the
 * statement. RFC 3501 §6.4.4
 *
 * <p>Every condition is true or false, never null, for NOT must turn it around. Texts are only joined when a key looks in
 * them, and then only to messages that the cheaper keys beside it have let pass.
 */
final class AssembledSearch {
    /** What marks the statement as one not to be kept prepared: there are too many of its kind. */
    static final String MARK = "/* assembled */";

    private static final String FRAME = MARK + """
             select found.*
            from mailbox b
            cross join lateral (
              ANSWER
            ) as found
            where b.account_id = $1 and b.mailbox_id = $2 and b.selectable
            """;

    /** The highest MODSEQ only where it is wanted: without it, flags are searched by index alone. */
    private static final String SET = """
            select
                array_agg(w.word order by w.word) as words,
                array_agg(w.bits order by w.word) as bits,
                max(w.modseq) as modseq
              from (
                select m.uid >> 6 as word, bit_or(1::bigint << (m.uid & 63)::integer) as bits, HIGHEST as modseq
                from message m
                JOINS
                where m.account_id = $1 and m.mailbox_id = $2
                  and CONDITION
                group by m.uid >> 6
              ) as w""";

    /** UIDs of four octets each: a million rows would not fit where a million of these do. */
    private static final String ORDERED = """
            select string_agg(substr(int8send(m.uid), 5), ''::bytea order by ORDER) as uids, max(m.modseq) as modseq
              from message m
              JOINS
              where m.account_id = $1 and m.mailbox_id = $2
                and CONDITION""";

    /** The limits keep the planner from reading the texts of all the account's messages instead of looking each up. */
    private static final String SEARCH_TEXT = """
            left join lateral (
                  select header, body
                  from search_text
                  where account_id = $1 and content_id = m.content_id
                  limit 1
                ) as s on true
            """;

    private static final String CONTENT = """
            left join lateral (
                  select CONTENT_COLUMNS
                  from content
                  where account_id = $1 and content_id = m.content_id
                  limit 1
                ) as c on true
            """;

    /** Longer than anybody's mail is old, and well within what PostgreSQL's dates can hold. */
    private static final long LONGEST_AGE_SECONDS = 1L << 35;

    private final List<Object> arguments = new ArrayList<>();
    private boolean namesModSeq;
    private boolean looksInText;
    private final Set<String> contentColumns = new TreeSet<>();
    private int keys;
    private Statement statement;

    private AssembledSearch() {}

    /** The set of what is found. Fails with LIMIT for keys nested too deep or too many. */
    static AssembledSearch of(MailboxKey mailbox, SearchKey key) {
        AssembledSearch search = new AssembledSearch();
        search.assemble("messages.search", SET, mailbox, key);
        return search;
    }

    /** What is found, in an order. */
    static AssembledSearch sorted(MailboxKey mailbox, SearchKey key, List<SortKey> order) {
        AssembledSearch search = new AssembledSearch();
        String by = order.stream()
                .map(each -> search.sortKey(each.criterion()) + (each.reverse() ? " desc, " : ", "))
                .collect(Collectors.joining());
        search.assemble("messages.sort", ORDERED.replace("ORDER", by + "m.uid"), mailbox, key);
        return search;
    }

    private void assemble(String name, String answer, MailboxKey mailbox, SearchKey key) {
        arguments.add(mailbox.accountId());
        arguments.add(mailbox.mailboxId());
        String condition = condition(key, 1);
        String content =
                contentColumns.isEmpty() ? "" : CONTENT.replace("CONTENT_COLUMNS", String.join(", ", contentColumns));
        String joins = (looksInText ? SEARCH_TEXT : "") + content;
        statement = Statement.named(
                name,
                FRAME.replace("ANSWER", answer)
                        .replace("JOINS", joins)
                        .replace("HIGHEST", namesModSeq ? "max(m.modseq)" : "null::bigint")
                        .replace("CONDITION", condition));
    }

    /** As they were folded at delivery, so octet order is the order of i;unicode-casemap. */
    private String sortKey(SortKey.Criterion criterion) {
        return switch (criterion) {
            case ARRIVAL -> "m.internal_date";
            case SIZE -> "m.size";
            case DATE -> "coalesce(" + content("sent_at") + ", floor(extract(epoch from m.internal_date))::bigint)";
            case SUBJECT -> text("base_subject");
            case FROM -> text("sort_from");
            case TO -> text("sort_to");
            case CC -> text("sort_cc");
            case DISPLAYFROM -> text("display_from");
            case DISPLAYTO -> text("display_to");
        };
    }

    private String text(String column) {
        return "coalesce(" + content(column) + ", '') collate \"C\"";
    }

    private String content(String column) {
        contentColumns.add(column);
        return "c." + column;
    }

    Statement statement() {
        return statement;
    }

    Tuple arguments() {
        return Tuple.wrap(arguments);
    }

    /** Whether the answer is to tell the highest MODSEQ. RFC 7162 §3.1.5 */
    boolean namesModSeq() {
        return namesModSeq;
    }

    private String condition(SearchKey key, int depth) {
        if (depth > SearchKey.MAX_DEPTH) {
            throw new Refusal(Refusal.Kind.LIMIT, "search keys nest too deep");
        }
        if (++keys > SearchKey.MAX_KEYS) {
            throw new Refusal(Refusal.Kind.LIMIT, "too many search keys");
        }
        if (key instanceof And and) {
            return joined(and.keys(), " and ", "true", depth);
        }
        if (key instanceof Or or) {
            return joined(List.of(or.left(), or.right()), " or ", "false", depth);
        }
        if (key instanceof SearchKey.Not not) {
            return "not " + condition(not.key(), depth + 1);
        }
        return leaf(key);
    }

    /** Cheap ones first, since the later ones are then often not looked at. */
    private String joined(List<SearchKey> all, String operator, String whenEmpty, int depth) {
        return all.isEmpty()
                ? whenEmpty
                : all.stream()
                        .sorted(Comparator.comparingInt(AssembledSearch::cost))
                        .map(key -> condition(key, depth + 1))
                        .collect(Collectors.joining(operator, "(", ")"));
    }

    private static int cost(SearchKey key) {
        if (key instanceof SearchKey.Body || key instanceof SearchKey.Text) {
            return 4;
        }
        if (key instanceof And || key instanceof Or || key instanceof SearchKey.Not) {
            return 3;
        }
        if (key instanceof SearchKey.Header) {
            return 2;
        }
        boolean looksInContent = key instanceof SearchKey.ThreadId
                || key instanceof SearchKey.Dated dated && dated.date() == SearchKey.Date.SENT;
        return looksInContent ? 1 : 0;
    }

    private String leaf(SearchKey key) {
        if (key instanceof SearchKey.All) {
            return "true";
        }
        if (key instanceof SearchKey.Uids uids) {
            return among(uids.uids());
        }
        if (key instanceof SearchKey.HasFlag flag) {
            // As the partial indexes have it.
            return "(m.flags & " + flag.bit() + " <> 0)";
        }
        if (key instanceof SearchKey.HasKeyword keyword) {
            String folded = StoredText.of(keyword.keyword().toLowerCase(Locale.ROOT));
            return "exists (select 1 from unnest(m.keywords) as k where lower(k) = " + bound(folded, "text") + ")";
        }
        if (key instanceof SearchKey.Larger larger) {
            return "(m.size > " + bound(larger.octets(), "bigint") + ")";
        }
        if (key instanceof SearchKey.Smaller smaller) {
            return "(m.size < " + bound(smaller.octets(), "bigint") + ")";
        }
        if (key instanceof SearchKey.ModSeq modSeq) {
            namesModSeq = true;
            return "(m.modseq >= " + bound(modSeq.atLeast(), "bigint") + ")";
        }
        if (key instanceof SearchKey.EmailId id) {
            return "(m.content_id = " + bound(id.contentId(), "bigint") + ")";
        }
        if (key instanceof SearchKey.ThreadId id) {
            contentColumns.add("thread_id");
            return "coalesce(c.thread_id = " + bound(id.threadId(), "bigint") + ", false)";
        }
        if (key instanceof SearchKey.Age age) {
            return age(age);
        }
        return key instanceof SearchKey.Dated dated ? dated(dated) : text(key);
    }

    private String among(UidSet uids) {
        if (uids.isEmpty()) {
            return "false";
        }
        String within = "m.uid between " + bound(uids.min(), "bigint") + " and " + bound(uids.max(), "bigint");
        if (uids.rangeCount() == 1) {
            return "(" + within + ")";
        }
        // A multirange is searched by halves; the subquery makes it one once, not for every message.
        return "(" + within + " and m.uid <@ (select " + bound(UidArrays.multirange(uids), "text")
                + "::int8multirange))";
    }

    /** RFC 5032 §2: the interval's end belongs to both. */
    private String age(SearchKey.Age age) {
        long seconds = Math.min(age.interval().toSeconds(), LONGEST_AGE_SECONDS);
        return "(m.internal_date " + (age.younger() ? ">=" : "<=") + " now() - make_interval(secs => "
                + bound((double) seconds, "double precision") + "))";
    }

    private String dated(SearchKey.Dated dated) {
        return switch (dated.date()) {
            case INTERNAL -> instant("m.internal_date", dated);
            case SAVED -> instant("m.save_date", dated);
            case SENT -> {
                String operator =
                        switch (dated.comparison()) {
                            case BEFORE -> "<";
                            case ON -> "=";
                            case SINCE -> ">=";
                        };
                contentColumns.add("sent_on");
                yield "coalesce(c.sent_on " + operator + " " + bound(dated.day(), "date") + ", false)";
            }
        };
    }

    private String instant(String column, SearchKey.Dated dated) {
        return switch (dated.comparison()) {
            case BEFORE -> "(" + column + " < " + midnight(dated.day()) + ")";
            case SINCE -> "(" + column + " >= " + midnight(dated.day()) + ")";
            case ON ->
                "(" + column + " >= " + midnight(dated.day()) + " and " + column + " < "
                        + midnight(dated.day().plusDays(1)) + ")";
        };
    }

    private String midnight(LocalDate day) {
        return bound(OffsetDateTime.of(day.atStartOfDay(), ZoneOffset.UTC), "timestamptz");
    }

    private String text(SearchKey key) {
        looksInText = true;
        if (key instanceof SearchKey.Header header) {
            return header(header);
        }
        if (key instanceof SearchKey.Body body) {
            return "coalesce(strpos(s.body, " + needle(body.text()) + ") > 0, false)";
        }
        if (key instanceof SearchKey.Text text) {
            String needle = needle(text.text());
            return "coalesce(strpos(s.header, " + needle + ") > 0 or strpos(s.body, " + needle + ") > 0, false)";
        }
        throw new IllegalArgumentException(key.toString());
    }

    /** The text must stand within one field of that name; most messages are settled by the first look. */
    private String header(SearchKey.Header header) {
        String name = needle(header.field() + ":");
        String text = needle(header.text());
        return "(coalesce(strpos(s.header, " + text + ") > 0, false) and exists ("
                + "select 1 from string_to_table(s.header, e'\\n') as line"
                + " where starts_with(line, " + name + ")"
                + " and strpos(substr(line, length(" + name + ") + 1), " + text + ") > 0))";
    }

    private String needle(String text) {
        return bound(CaseFold.fold(text), "text");
    }

    private String bound(Object argument, String type) {
        arguments.add(argument);
        return "$" + arguments.size() + "::" + type;
    }
}
