package io.postrider.imap;

import io.postrider.imap.FetchItem.Section;
import io.postrider.message.OctetRange;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Refusal;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** The octets of another message that become part of a new one: unchanged, and nothing becomes \Seen. RFC 4469 §3 */
final class CatenatedUrl {
    /** Characters of a URL that its refusal shows. */
    private static final int MAX_SHOWN = 1000;

    private final ImapSession session;
    private final String url;

    CatenatedUrl(ImapSession session, String url) {
        this.session = session;
        this.url = url;
    }

    /**
     * Gives its octets to the taker, no faster than its futures complete; BADURL when there are none by that name.
     *
     * @param announce is told their number before, and may refuse them
     */
    Future<Void> copy(LongConsumer announce, Function<Buffer, Future<Void>> taker) {
        ImapUrl parsed = ImapUrl.parse(url);
        if (parsed == null || !isHere(parsed.server())) {
            return Future.failedFuture(bad());
        }
        return mailbox(parsed)
                .compose(mailbox -> message(mailbox, parsed))
                .compose(octets -> copy(octets, parsed.section(), announce, taker))
                .recover(failure -> Future.failedFuture(isGone(failure) ? bad() : failure));
    }

    /** This server, by one of its names, and this account: what is another's is not even looked for. RFC 4469 §3 */
    private boolean isHere(ImapUrl.Server server) {
        return server == null
                || server.address().equalsIgnoreCase(session.account().address()) && session.isOurName(server.host());
    }

    private Future<MailboxKey> mailbox(ImapUrl parsed) {
        SelectedMailbox selected = session.selected();
        if (parsed.mailbox() == null) {
            return selected == null ? Future.failedFuture(bad()) : Future.succeededFuture(selected.key());
        }
        if (!parsed.beside() || selected == null) {
            return mailbox(parsed, parsed.mailbox());
        }
        return session.store()
                .mailboxes()
                .get(selected.key())
                .map(mailbox -> session.names().toWire(mailbox.name()))
                .compose(base -> mailbox(parsed, base.substring(0, base.lastIndexOf('/') + 1) + parsed.mailbox()));
    }

    private Future<MailboxKey> mailbox(ImapUrl parsed, String onWire) {
        return session.store()
                .mailboxes()
                .find(session.account().accountId(), session.names().fromWire(onWire))
                .map(found -> found.filter(Mailbox::selectable)
                        .filter(mailbox -> parsed.uidValidity().orElse(mailbox.uidValidity()) == mailbox.uidValidity())
                        .map(Mailbox::key)
                        .orElseThrow(this::bad));
    }

    private Future<MessageOctets> message(MailboxKey mailbox, ImapUrl parsed) {
        return session.store()
                .messages()
                .fetch(mailbox, UidSet.of(parsed.uid()), EnumSet.of(Field.STRUCTURE, Field.FIRST_OCTETS), 1)
                .map(rows -> {
                    FetchedMessage row = rows.stream().findFirst().orElseThrow(this::bad);
                    return new MessageOctets(session.store().contents(), mailbox.accountId(), row);
                });
    }

    private Future<Void> copy(
            MessageOctets octets, Section section, LongConsumer announce, Function<Buffer, Future<Void>> taker) {
        OctetRange range = octets.range(section.path(), section.text());
        if (range == null) {
            throw bad();
        }
        if (section.fields() != null) {
            return octets.header(range).compose(header -> {
                byte[] fields = section.fields().of(header);
                OctetRange wanted = section.of(new OctetRange(0, fields.length));
                announce.accept(wanted.length());
                return taker.apply(Buffer.buffer(fields).slice((int) wanted.offset(), (int) wanted.end()));
            });
        }
        OctetRange[] rest = {section.of(range)};
        announce.accept(rest[0].length());
        return EachInOrder.whileTrue(() -> {
            if (rest[0].length() == 0) {
                return Future.succeededFuture(false);
            }
            return octets.slice(rest[0]).compose(slice -> {
                rest[0] = rest[0].partial(slice.length(), rest[0].length());
                return taker.apply(slice).map(true);
            });
        });
    }

    private static boolean isGone(Throwable failure) {
        return failure instanceof Refusal refusal
                && (refusal.kind() == Refusal.Kind.EXPUNGED || refusal.kind() == Refusal.Kind.NONEXISTENT);
    }

    /** RFC 4469 §4.1; what it shows must be no response of its own. */
    private No bad() {
        String shown = url.replaceAll("[^ -~]|[\"\\\\\\]]", "?");
        return new No(
                "BADURL \"" + shown.substring(0, Math.min(shown.length(), MAX_SHOWN)) + "\"",
                "Nothing there that could be appended");
    }
}
