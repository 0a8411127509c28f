package io.postrider.store.postgres;

import io.postrider.store.MailboxKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * News of mailboxes as NOTIFY carries it: the node's name, a space, then {@code account:mailbox:modseq} separated by
 * commas.
 */
final class News {
    /** Octets that a payload may have: PostgreSQL takes fewer than 8000. */
    static final int MAX_PAYLOAD = 7999;

    private News() {}

    /** As many payloads as it takes. */
    static List<String> write(String node, Map<MailboxKey, Long> news) {
        List<String> payloads = new ArrayList<>();
        StringBuilder payload = new StringBuilder(node);
        for (Map.Entry<MailboxKey, Long> entry : news.entrySet()) {
            MailboxKey mailbox = entry.getKey();
            String item = mailbox.accountId() + ":" + mailbox.mailboxId() + ":" + entry.getValue();
            if (payload.length() + 1 + item.length() > MAX_PAYLOAD) {
                payloads.add(payload.toString());
                payload = new StringBuilder(node);
            }
            payload.append(payload.length() == node.length() ? ' ' : ',').append(item);
        }
        if (payload.length() > node.length()) {
            payloads.add(payload.toString());
        }
        return payloads;
    }

    /** What cannot be read is passed over: it was only a hint. */
    static void read(String ownNode, String payload, BiConsumer<MailboxKey, Long> news) {
        int space = payload.indexOf(' ');
        if (space < 0 || payload.substring(0, space).equals(ownNode)) {
            return;
        }
        for (String item : payload.substring(space + 1).split(",")) {
            String[] numbers = item.split(":");
            if (numbers.length == 3) {
                try {
                    news.accept(
                            new MailboxKey(Long.parseLong(numbers[0]), Long.parseLong(numbers[1])),
                            Long.parseLong(numbers[2]));
                } catch (NumberFormatException e) {
                    continue;
                }
            }
        }
    }
}
