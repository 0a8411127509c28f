package io.postrider.imap;

import io.postrider.imap.EventGroup.Event;
import io.postrider.imap.EventGroup.Filter;
import io.postrider.store.MailboxKey;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * What a session tells its client besides the answers to commands: of the selected mailbox, and of what NOTIFY asks for.
 * RFC 5465
 *
 * <p>Until NOTIFY is used, news come with commands and in IDLE only. Afterwards they come as they happen: whoever runs the
 * session's commands listens here and calls {@link #tell} between two of them.
 */
final class News {
    /** After news, so long until the next, so that a burst of deliveries is a few questions and not one each. */
    static final long REST_MILLIS = 20;

    private final ImapSession session;
    /** Null until NOTIFY has been used. */
    private EventGroup selected;
    /** Null where only the selected mailbox matters. */
    private AccountNews account;

    private Runnable betweenCommands = () -> {};
    private Runnable inIdle;

    News(ImapSession session) {
        this.session = session;
    }

    /** Hears of news, to tell them between commands if {@link #areDue}. */
    void betweenCommands(Runnable listener) {
        betweenCommands = listener;
    }

    /** Hears of news while the client idles; null for no more. */
    void inIdle(Runnable listener) {
        inIdle = listener;
    }

    /** There may be something to tell. */
    void came() {
        (inIdle == null ? betweenCommands : inIdle).run();
    }

    /** Whether the client has asked to be told now, and there may be something. */
    boolean areDue() {
        if (session.account() == null) {
            return false;
        }
        SelectedMailbox mailbox = session.selected();
        boolean ofSelected = selected != null
                && mailbox != null
                && (mailbox.updates().behind()
                        || selected.filter() == Filter.SELECTED
                                && mailbox.updates().owesExpunges());
        return ofSelected || account != null && account.isBehind();
    }

    /** Whether something may have happened, whether the client wants to hear it now or not. */
    boolean mayHaveCome() {
        SelectedMailbox mailbox = session.selected();
        return mailbox != null && mailbox.updates().behind() || account != null && account.isBehind();
    }

    /** Tells what there is, without a command. */
    Future<Void> tell() {
        SelectedMailbox mailbox = session.selected();
        Updates.Expunges expunges =
                selected.filter() == Filter.SELECTED ? Updates.Expunges.TOLD : Updates.Expunges.HELD_BACK;
        Future<Void> told =
                mailbox == null ? Future.succeededFuture() : mailbox.updates().tell(expunges);
        return told.compose(done -> tellOfAccount());
    }

    /** Looks, and tells what there is, in IDLE. RFC 5465 §4 */
    Future<Void> look() {
        SelectedMailbox mailbox = session.selected();
        Future<Void> told =
                mailbox == null ? Future.succeededFuture() : mailbox.updates().look(Updates.Expunges.TOLD);
        return told.compose(done -> tellOfAccount());
    }

    private Future<Void> tellOfAccount() {
        return account == null || !account.isBehind() ? Future.succeededFuture() : account.tell();
    }

    /** Longer where a look at the account costs more. */
    long restMillis() {
        return account == null ? REST_MILLIS : Math.max(REST_MILLIS, account.restMillis());
    }

    /** Replaces what is wanted. RFC 5465 §3.1 */
    Future<Void> want(List<EventGroup> groups, boolean status) {
        List<EventGroup> others =
                groups.stream().filter(group -> !group.filter().isSelected()).toList();
        EventGroup ofSelected = groups.stream()
                .filter(group -> group.filter().isSelected())
                .findFirst()
                .orElse(new EventGroup(Filter.SELECTED, List.of(), Set.of(), List.of()));
        boolean ofAccount = others.stream().anyMatch(group -> !group.events().isEmpty());
        AccountNews next = ofAccount ? new AccountNews(session, others) : null;
        Future<Void> begun = next == null ? Future.succeededFuture() : next.begin(status);
        return begun.onSuccess(done -> {
            forgetAccount();
            selected = ofSelected;
            account = next;
        });
    }

    /** There is more to tell than we are willing to: as if NOTIFY NONE had come. RFC 5465 §5.8 */
    void overflow() {
        session.connection().write("* OK [NOTIFICATIONOVERFLOW] There is too much to tell\r\n");
        forgetAccount();
        selected = new EventGroup(Filter.SELECTED, List.of(), Set.of(), List.of());
    }

    /** Whether the selected mailbox is to look as if nothing happened in it. RFC 5465 §3.1, §5 */
    boolean hidesMessages() {
        return selected != null && !selected.wants(Event.MESSAGE_NEW);
    }

    boolean hidesFlags() {
        return selected != null && !selected.wants(Event.FLAG_CHANGE);
    }

    /** What to tell of new messages in the selected mailbox. */
    List<FetchItem> itemsOfNew() {
        return selected == null ? List.of() : selected.itemsOfNew();
    }

    /** The client itself has created, deleted, renamed or subscribed these: it need not be told. RFC 5465 §5 */
    void ownNames(String... names) {
        if (account != null) {
            account.ownNames(names);
        }
    }

    /** The client itself has put messages into a mailbox that is not selected: it need not be told. RFC 5465 §5 */
    void ownMessages(MailboxKey mailbox, UidSet uids) {
        if (account != null) {
            account.ownMessages(mailbox, uids);
        }
    }

    /** Hears of nothing any more. */
    void close() {
        forgetAccount();
        selected = null;
    }

    private void forgetAccount() {
        if (account != null) {
            account.close();
            account = null;
        }
    }
}
