package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;

import io.postrider.store.Account;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FlagChange;
import io.postrider.store.Flags;
import io.postrider.store.IncomingMessage;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Messages;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Short words for what tests of messages do all the time. */
final class Mail {
    final PostgresStore store;
    final long account;
    final MailboxKey inbox;

    Mail(PostgresStore store, Account account) {
        this.store = store;
        this.account = account.accountId();
        this.inbox = find("INBOX").key();
    }

    Messages messages() {
        return store.messages();
    }

    Mailbox find(String name) {
        return await(store.mailboxes().find(account, name)).orElseThrow();
    }

    Mailbox get(MailboxKey mailbox) {
        return await(store.mailboxes().get(mailbox));
    }

    MailboxKey create(String name) {
        return await(store.mailboxes().create(account, name, java.util.Optional.empty()))
                .key();
    }

    NewContent content(String message) {
        return content(store, message.getBytes(StandardCharsets.UTF_8), account);
    }

    static NewContent content(PostgresStore store, byte[] message, Long... accounts) {
        IncomingMessage incoming = store.contents().receive(List.of(accounts));
        await(incoming.write(Buffer.buffer(message)));
        return await(incoming.end());
    }

    static String text(String subject) {
        return "From: Alice <alice@example.com>\r\nTo: bob@example.com\r\nSubject: " + subject
                + "\r\nDate: Mon, 5 Jan 2026 08:00:00 +0100\r\n\r\nHello " + subject + "\r\n";
    }

    Future<Messages.Appended> appending(MailboxKey mailbox, String subject, Flags flags) {
        return messages().append(mailbox, List.of(new NewMessage(content(text(subject)), flags, null)));
    }

    /** Its UID. */
    long append(MailboxKey mailbox, String subject, Flags flags) {
        return await(appending(mailbox, subject, flags)).uids().min();
    }

    long append(String subject) {
        return append(inbox, subject, Flags.NONE);
    }

    UidSet append(int count) {
        return await(messages()
                        .append(
                                inbox,
                                java.util.stream.IntStream.range(0, count)
                                        .mapToObj(i -> new NewMessage(content(text("m" + i)), Flags.NONE, null))
                                        .toList()))
                .uids();
    }

    Messages.Stored store(UidSet uids, FlagChange.Mode mode, Flags flags) {
        return await(messages().store(inbox, uids, new FlagChange(mode, flags), OptionalLong.empty()));
    }

    List<FetchedMessage> fetch(MailboxKey mailbox, UidSet uids, FetchedMessage.Field... fields) {
        return await(messages().fetch(mailbox, uids, Set.copyOf(Arrays.asList(fields)), Messages.MAX_FETCH_ROWS));
    }

    FetchedMessage fetchOne(long uid, FetchedMessage.Field... fields) {
        return fetch(inbox, UidSet.of(uid), fields).get(0);
    }

    Flags flags(long uid) {
        return fetchOne(uid).message().flags();
    }

    /** All octets of a message, slice by slice. */
    byte[] octets(long contentId) {
        Buffer all = Buffer.buffer();
        while (true) {
            Buffer slice = await(store.contents().read(account, contentId, all.length(), Long.MAX_VALUE));
            if (slice.length() == 0) {
                return all.getBytes();
            }
            all.appendBuffer(slice);
        }
    }
}
