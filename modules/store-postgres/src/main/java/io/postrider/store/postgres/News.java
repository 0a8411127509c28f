package io.postrider.store.postgres;

import io.postrider.store.MailboxKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * News of mailboxes as NOTIFY carries it: the node's name, "@" and the time of the oldest news in milliseconds, a space, then
 * {@code account:mailbox:modseq} separated by commas. The time may be missing. An administrator's change is told of by
 * {@code a} and the account, or {@code t} and the tenant; the transaction that makes it sends it, and every node hears it.
 */
final class News {
    /** Octets that a payload may have: PostgreSQL takes fewer than 8000. */
    static final int MAX_PAYLOAD = 7999;

    private News() {}

    /** As many payloads as it takes. */
    static List<String> write(String node, long since, Map<MailboxKey, Long> news) {
        String head = node + "@" + since;
        List<String> payloads = new ArrayList<>();
        StringBuilder payload = new StringBuilder(head);
        for (Map.Entry<MailboxKey, Long> entry : news.entrySet()) {
            MailboxKey mailbox = entry.getKey();
            String item = mailbox.accountId() + ":" + mailbox.mailboxId() + ":" + entry.getValue();
            if (payload.length() + 1 + item.length() > MAX_PAYLOAD) {
                payloads.add(payload.toString());
                payload = new StringBuilder(head);
            }
            payload.append(payload.length() == head.length() ? ' ' : ',').append(item);
        }
        if (payload.length() > head.length()) {
            payloads.add(payload.toString());
        }
        return payloads;
    }

    /** When what the payload tells of happened, by the clock of its node; 0 when it does not say. */
    static long since(String payload) {
        int at = payload.indexOf('@');
        int space = payload.indexOf(' ');
        try {
            return at < 0 || space < at ? 0 : Long.parseLong(payload, at + 1, space, 10);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether the node hears itself. */
    static boolean isFrom(String node, String payload) {
        return payload.startsWith(node)
                && payload.length() > node.length()
                && (payload.charAt(node.length()) == '@' || payload.charAt(node.length()) == ' ');
    }

    /** The payload that tells of changes to accounts and tenants: items made by {@link #account} and {@link #tenant}. */
    static String ofAdministrator(List<String> items) {
        return "administrator " + String.join(",", items);
    }

    static String account(long accountId) {
        return "a" + accountId;
    }

    static String tenant(long tenantId) {
        return "t" + tenantId;
    }

    /** Gives the accounts and tenants that the payload tells of. */
    static void readAdministrators(String payload, LongConsumer accounts, LongConsumer tenants) {
        for (String item : payload.substring(payload.indexOf(' ') + 1).split(",")) {
            if (item.startsWith("a") || item.startsWith("t")) {
                try {
                    (item.startsWith("a") ? accounts : tenants).accept(Long.parseLong(item.substring(1)));
                } catch (NumberFormatException e) {
                    continue;
                }
            }
        }
    }

    /** What cannot be read is passed over: it was only a hint. */
    static void read(String ownNode, String payload, BiConsumer<MailboxKey, Long> news) {
        int space = payload.indexOf(' ');
        if (space < 0 || isFrom(ownNode, payload)) {
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
