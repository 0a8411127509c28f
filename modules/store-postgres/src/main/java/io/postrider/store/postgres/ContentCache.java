package io.postrider.store.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.MailboxKey;
import io.postrider.store.Message;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Content of messages that were asked for lately, within a bound of octets: a message's octets and what is derived from them
 * never change, so nothing here needs to be told of a change.
 *
 * <p>Easy to get wrong: a failover may lose commits that somebody has read, and their UIDs are given out again. So content
 * counts only for a row that was read just now and agrees with it in all that a row keeps for good.
 */
final class ContentCache {
    /** At most an eighth of the heap is used, whatever is configured. */
    private static final int SHARE_OF_HEAP = 8;

    /** What an entry costs beside its octets, roughly. */
    private static final int OCTETS_OF_ENTRY = 600;

    private record Key(long accountId, long mailboxId, long uid) {}

    private final Cache<Key, FetchedMessage> messages;
    private final Counter hits;
    private final Counter misses;

    /** @param octets 0 for none */
    ContentCache(long octets, MeterRegistry registry) {
        messages = Caffeine.newBuilder()
                .maximumWeight(Math.min(octets, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP))
                .weigher((Key key, FetchedMessage message) -> weight(message))
                // On the caller's thread: keeping order in it takes microseconds.
                .executor(Runnable::run)
                .build();
        hits = requests(registry, "hit");
        misses = requests(registry, "miss");
    }

    private static Counter requests(MeterRegistry registry, String outcome) {
        return Counter.builder("postrider.cache.requests")
                .tags("cache", "contents", "outcome", outcome)
                .register(registry);
    }

    /** Whether it is worth asking for rows alone: this message's content is likely to be here, and then those behind it. */
    boolean mayKnow(MailboxKey mailbox, long uid, Set<Field> fields) {
        FetchedMessage known = messages.policy().getIfPresentQuietly(key(mailbox, uid));
        return known != null && hasAll(known, fields);
    }

    /** The message with its content; null when that is not here. */
    FetchedMessage find(MailboxKey mailbox, Message row, Set<Field> fields) {
        FetchedMessage known = messages.getIfPresent(key(mailbox, row.uid()));
        if (known == null || !isSame(known.message(), row) || !hasAll(known, fields)) {
            return null;
        }
        hits.increment();
        return with(row, known);
    }

    /** What had to be read. */
    void keep(MailboxKey mailbox, List<FetchedMessage> fetched) {
        misses.increment(fetched.size());
        for (FetchedMessage message : fetched) {
            Key key = key(mailbox, message.message().uid());
            FetchedMessage before = messages.policy().getIfPresentQuietly(key);
            messages.put(
                    key,
                    before != null && isSame(before.message(), message.message())
                            ? together(message, before)
                            : message);
        }
    }

    /** How much of the message {@link io.postrider.store.Messages#MAX_FETCH_OCTETS} counts. */
    static long octets(FetchedMessage message, Set<Field> fields) {
        long octets =
                fields.contains(Field.HEADER) || fields.contains(Field.FIRST_OCTETS) ? length(message.header()) : 0;
        octets += fields.contains(Field.ENVELOPE) ? length(message.envelope()) : 0;
        octets += fields.contains(Field.BODYSTRUCTURE) ? length(message.bodyStructure()) : 0;
        octets += fields.contains(Field.BODY) ? length(message.body()) : 0;
        return octets + (fields.contains(Field.FIRST_OCTETS) ? length(message.firstOctets()) : 0);
    }

    /** Octets held now. */
    long octets() {
        messages.cleanUp();
        OptionalLong weighed =
                messages.policy().eviction().map(Policy.Eviction::weightedSize).orElse(OptionalLong.empty());
        return weighed.orElse(0);
    }

    private static Key key(MailboxKey mailbox, long uid) {
        return new Key(mailbox.accountId(), mailbox.mailboxId(), uid);
    }

    /** Save dates are to the microsecond: no two messages that got one UID in turn agree in all of it. */
    private static boolean isSame(Message one, Message other) {
        return one.contentId() == other.contentId()
                && one.size() == other.size()
                && one.saveDate().equals(other.saveDate());
    }

    private static boolean hasAll(FetchedMessage message, Set<Field> fields) {
        for (Field field : fields) {
            boolean here =
                    switch (field) {
                        case HEADER -> message.header() != null;
                        case ENVELOPE -> message.envelope() != null;
                        case BODYSTRUCTURE -> message.bodyStructure() != null;
                        case BODY -> message.body() != null;
                        case STRUCTURE -> message.structure() != null;
                        case FIRST_OCTETS -> message.firstOctets() != null && message.header() != null;
                        case THREAD -> message.threadId() != null;
                        case PREVIEW -> message.preview() != null;
                    };
            if (!here) {
                return false;
            }
        }
        return true;
    }

    private static FetchedMessage with(Message row, FetchedMessage content) {
        return new FetchedMessage(
                row,
                content.header(),
                content.envelope(),
                content.bodyStructure(),
                content.body(),
                content.structure(),
                content.firstOctets(),
                content.threadId(),
                content.preview());
    }

    private static FetchedMessage together(FetchedMessage now, FetchedMessage before) {
        return new FetchedMessage(
                now.message(),
                either(now.header(), before.header()),
                either(now.envelope(), before.envelope()),
                either(now.bodyStructure(), before.bodyStructure()),
                either(now.body(), before.body()),
                either(now.structure(), before.structure()),
                either(now.firstOctets(), before.firstOctets()),
                either(now.threadId(), before.threadId()),
                either(now.preview(), before.preview()));
    }

    private static <T> T either(T now, T before) {
        return now != null ? now : before;
    }

    private static int weight(FetchedMessage message) {
        int octets = OCTETS_OF_ENTRY
                + length(message.header())
                + length(message.envelope())
                + length(message.bodyStructure())
                + length(message.body())
                + length(message.firstOctets());
        // What a parsed structure takes is in the order of its text.
        int structure = message.structure() == null ? 0 : OCTETS_OF_ENTRY + length(message.bodyStructure());
        return octets
                + structure
                + (message.preview() == null ? 0 : message.preview().length());
    }

    private static int length(Buffer octets) {
        return octets == null ? 0 : octets.length();
    }
}
