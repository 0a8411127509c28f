package io.postrider.store.postgres;

import io.postrider.message.ParsedMessage;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which messages of one batch belong to one thread: they cannot see each other in the database yet. RFC 8474 §5.2
 *
 * <p>Messages are given in order; one joins the thread of an earlier one that it names, or that has its Message-ID.
 */
final class Threads {
    /** Longer ones are cut: an index entry has no room for them. */
    static final int MESSAGE_ID_CHARACTERS = 500;
    /** Message ids looked up for one message: its own, and the last it refers to. */
    static final int RELATIVES = 100;

    private final Map<String, Long> threadOf = new HashMap<>();
    private final Map<Long, Set<String>> relativesOf = new HashMap<>();

    /**
     * @param threadId the content whose thread it joins unless the database knows a relative
     * @param relatives message ids by which the database may know one, separated by spaces
     */
    record Place(long threadId, String relatives) {}

    Place add(Arriving message) {
        ParsedMessage parsed = message.content().parsed();
        Set<String> named = named(parsed);
        long thread = named.stream()
                .filter(threadOf::containsKey)
                .findFirst()
                .map(threadOf::get)
                .orElse(message.contentId());
        named.forEach(id -> threadOf.putIfAbsent(id, thread));
        Set<String> relatives = relativesOf.computeIfAbsent(thread, t -> new LinkedHashSet<>());
        named.stream().limit(Math.max(0, RELATIVES - relatives.size())).forEach(relatives::add);
        return new Place(thread, String.join(" ", relatives));
    }

    static String messageId(ParsedMessage parsed) {
        return StoredText.clipped(parsed.messageId(), MESSAGE_ID_CHARACTERS);
    }

    static String references(ParsedMessage parsed) {
        return String.join(" ", clipped(parsed.references()));
    }

    private static Set<String> named(ParsedMessage parsed) {
        Set<String> named = new LinkedHashSet<>();
        if (!parsed.messageId().isEmpty()) {
            named.add(messageId(parsed));
        }
        List<String> references = parsed.references();
        named.addAll(clipped(references.subList(Math.max(0, references.size() - RELATIVES + 1), references.size())));
        return named;
    }

    private static List<String> clipped(List<String> messageIds) {
        return messageIds.stream()
                .map(id -> StoredText.clipped(id, MESSAGE_ID_CHARACTERS))
                .toList();
    }
}
