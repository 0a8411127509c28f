package io.postrider.smtp;

import io.postrider.store.Directory.Recipient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From MAIL to the last reply behind the message, or to RSET. RFC 5321 §3.3 */
final class Transaction {
    /** @param path as the client gave it */
    record Accepted(Path path, Recipient recipient) {}

    private final MailCommand mail;
    private final List<Accepted> recipients = new ArrayList<>();
    private MessageReceiver chunks;

    Transaction(MailCommand mail) {
        this.mail = mail;
    }

    MailCommand mail() {
        return mail;
    }

    /** In the order of RCPT, as the replies have to come. RFC 2033 §4.2 */
    List<Accepted> recipients() {
        return recipients;
    }

    /** Each account once. */
    List<Long> accountIds() {
        return recipients.stream()
                .map(r -> r.recipient().account().accountId())
                .distinct()
                .toList();
    }

    /** What BDAT has begun. */
    Optional<MessageReceiver> chunks() {
        return Optional.ofNullable(chunks);
    }

    void chunksInto(MessageReceiver receiver) {
        chunks = receiver;
    }

    void discard() {
        if (chunks != null) {
            chunks.discard();
        }
    }
}
