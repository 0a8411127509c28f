package io.postrider.store.postgres;

import io.postrider.message.ParsedMessage;
import io.postrider.store.NewContent;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A message that has been taken: what was derived from it, and its body, in memory or in chunk rows.
 *
 * <p>Easy to get wrong: it may go to one account several times, with other trace fields each time. The chunk rows an
 * account has can belong to one content only; whoever comes first has them, and the others get copies.
 */
final class ReceivedContent implements NewContent {
    private final ParsedMessage parsed;
    private final long size;
    private final Buffer body;
    private final long chunksId;
    private final Set<Long> accountsWithChunks;

    private ReceivedContent(ParsedMessage parsed, long size, Buffer body, long chunksId, Set<Long> accountsWithChunks) {
        this.parsed = parsed;
        this.size = size;
        this.body = body;
        this.chunksId = chunksId;
        this.accountsWithChunks = accountsWithChunks;
    }

    static ReceivedContent inMemory(ParsedMessage parsed, long size, Buffer body) {
        return new ReceivedContent(parsed, size, body, 0, Set.of());
    }

    static ReceivedContent inChunks(ParsedMessage parsed, long size, long contentId, Iterable<Long> accountIds) {
        Set<Long> accounts = ConcurrentHashMap.newKeySet();
        accountIds.forEach(accounts::add);
        return new ReceivedContent(parsed, size, null, contentId, accounts);
    }

    @Override
    public long size() {
        return size;
    }

    ParsedMessage parsed() {
        return parsed;
    }

    boolean isInChunks() {
        return chunksId != 0;
    }

    /** The content that its chunk rows were written for. */
    long chunksId() {
        return chunksId;
    }

    /** True for the first that asks for this account. */
    boolean takeChunks(long accountId) {
        return accountsWithChunks.remove(accountId);
    }

    /** The body; null when it is in chunk rows. */
    Buffer body() {
        return body;
    }
}
