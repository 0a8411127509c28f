package io.postrider.store.postgres;

import io.postrider.message.MessageParser;
import io.postrider.message.ParsedMessage;
import io.postrider.message.ParserLimits;
import io.postrider.store.Contents;
import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Difference;
import io.postrider.store.administration.Difference.Mend;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Looks whether the messages of one account have their octets, and octets their messages, a page of contents at a time. It is to
 * run before {@link MailboxCheck}, which counts sizes that this one mends.
 */
final class ContentCheck {
    /** Contents looked at by one statement. It goes through all messages of the account once. */
    static final int PAGE = 20_000;

    private final Database database;
    private final Contents contents;
    private final Administrator by;
    private final AccountRecord account;
    private final boolean mend;

    ContentCheck(Database database, Contents contents, Administrator by, AccountRecord account, boolean mend) {
        this.database = database;
        this.contents = contents;
        this.by = by;
        this.account = account;
        this.mend = mend;
    }

    Future<List<Difference>> run() {
        return pages(0, new ArrayList<>());
    }

    private Future<List<Difference>> pages(long after, List<Difference> found) {
        return database.executeApart(
                        account.accountId(), CheckQueries.PAGE, Tuple.of(account.accountId(), after, (long) PAGE))
                .map(Rows::only)
                .compose(page -> {
                    boolean last = page.getLong("contents") < PAGE;
                    long to = last ? Long.MAX_VALUE : page.getLong("last");
                    return page(after, to).compose(more -> {
                        found.addAll(more);
                        return last || found.size() >= io.postrider.store.administration.Administration.Checks.MOST
                                ? Future.succeededFuture(found)
                                : pages(to, found);
                    });
                });
    }

    private Future<List<Difference>> page(long after, long to) {
        return database.executeApart(
                        account.accountId(), CheckQueries.CONTENTS, Tuple.of(account.accountId(), after, to))
                .compose(rows -> {
                    Look look = new Look(
                            new Differences(account),
                            new ArrayList<>(),
                            new ArrayList<>(),
                            new ArrayList<>(),
                            new ArrayList<>());
                    rows.forEach(row -> compare(row, look));
                    return look.found().isEmpty() || !mend
                            ? Future.succeededFuture(look.found().all())
                            : mend(look).map(v -> look.found().mended());
                });
    }

    /**
     * @param loose contents that nothing refers to
     * @param sized contents whose own size is wrong
     * @param messages contents whose messages say another size
     * @param unsearchable contents without search text
     */
    private record Look(
            Differences found, List<Long> loose, List<Long> sized, List<Long> messages, List<Long> unsearchable) {}

    private static void compare(Row row, Look look) {
        long id = row.getLong("content_id");
        String content = "content " + id;
        long messages = row.getLong("messages");
        if (!row.getBoolean("is_there")) {
            if (messages > 0) {
                look.found().add("", "octets of " + place(row), content, "no such content is there", Mend.IMPOSSIBLE);
            } else {
                look.found().add("", content, row.getLong("chunks") + " chunks", "of no message", Mend.POSSIBLE);
                look.loose().add(id);
            }
            return;
        }
        compareOctets(row, id, look);
        if (!row.getBoolean("has_text")) {
            look.found().add("", "search text of " + content, "none", "one", Mend.POSSIBLE);
            look.unsearchable().add(id);
        }
        if (messages == 0 && !row.getBoolean("is_unreferenced")) {
            look.found().add("", content, "kept", "of no message", Mend.POSSIBLE);
            look.loose().add(id);
        }
    }

    /** The messages' sizes speak for what was there once: octets that are fewer than all say are lost. */
    private static void compareOctets(Row row, long id, Look look) {
        long octets = row.getLong("octets");
        long size = row.getLong("size");
        boolean messagesSayOctets =
                row.getLong("messages") > 0 && row.getLong("smallest") == octets && row.getLong("largest") == octets;
        if (!row.getBoolean("unbroken")) {
            String what = "chunks of content " + id;
            look.found().add("", what, row.getLong("chunks") + " chunks", "some are missing", Mend.IMPOSSIBLE);
        } else if (size != octets) {
            Mend mend = messagesSayOctets ? Mend.POSSIBLE : Mend.IMPOSSIBLE;
            look.found().add("", "size of content " + id, String.valueOf(size), String.valueOf(octets), mend);
            if (messagesSayOctets) {
                look.sized().add(id);
            }
        } else if (row.getLong("messages") > 0 && (row.getLong("smallest") != size || row.getLong("largest") != size)) {
            long kept = row.getLong("smallest") == size ? row.getLong("largest") : row.getLong("smallest");
            String what = "size of " + place(row);
            look.found().add("", what, String.valueOf(kept), String.valueOf(size), Mend.POSSIBLE);
            look.messages().add(id);
        }
    }

    /** The first of its messages. */
    private static String place(Row row) {
        Long[] place = row.getArrayOfLongs("place");
        long more = row.getLong("messages") - 1;
        return "UID " + place[1] + " in mailbox " + place[0] + (more > 0 ? " and " + more + " more" : "");
    }

    /** Search texts first, which may be made twice: what is told as mended, by the transaction, has been. */
    private Future<Void> mend(Look look) {
        return addSearchTexts(look.unsearchable(), 0)
                .compose(v -> database.transaction(account.accountId(), "check.mendContents", tx -> mend(tx, look)));
    }

    private Future<Void> mend(Transaction tx, Look look) {
        long id = account.accountId();
        Future<?> done = tx.execute(CheckQueries.LEAVE_TO_SWEEPER, these(look.loose()))
                .compose(v -> tx.execute(CheckQueries.MEND_CONTENT_SIZES, these(look.sized())));
        if (!look.messages().isEmpty()) {
            done = done.compose(v -> tx.execute(CheckQueries.MAILBOX_IDS, Tuple.of(id)))
                    .map(Rows.each(row -> row.getLong("mailbox_id")))
                    .compose(all -> tx.execute(FlagQueries.LOCK, these(all)))
                    .compose(v -> tx.execute(CheckQueries.MEND_MESSAGE_SIZES, these(look.messages())));
        }
        return done.compose(v -> look.found().audit(tx, by, account.tenantId()));
    }

    private Tuple these(List<Long> ids) {
        return Tuple.of(account.accountId()).addArrayOfLong(ids.toArray(Long[]::new));
    }

    private Future<Void> addSearchTexts(List<Long> ids, int at) {
        return at == ids.size()
                ? Future.succeededFuture()
                : addSearchText(ids.get(at)).compose(v -> addSearchTexts(ids, at + 1));
    }

    /** As it was made when the message came. */
    private Future<Void> addSearchText(long id) {
        return parse(new MessageParser(ParserLimits.DEFAULT), id, 0)
                .compose(parsed -> database.executeApart(
                        account.accountId(),
                        CheckQueries.ADD_SEARCH_TEXT,
                        Tuple.of(
                                account.accountId(),
                                id,
                                StoredText.of(parsed.searchHeader()),
                                StoredText.of(parsed.searchText()))))
                .mapEmpty();
    }

    /** A slice at a time, and not on an event loop. */
    private Future<ParsedMessage> parse(MessageParser parser, long id, long from) {
        return contents.read(account.accountId(), id, from, Contents.CHUNK_OCTETS)
                .compose(slice -> slice.length() == 0
                        ? apart(parser::finish)
                        : apart(() -> {
                                    parser.feed(slice.getBytes(), 0, slice.length());
                                    return parser;
                                })
                                .compose(v -> parse(parser, id, from + slice.length())));
    }

    private <T> Future<T> apart(Callable<T> work) {
        return database.vertx().executeBlocking(work);
    }
}
