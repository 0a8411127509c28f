package io.postrider.imap;

import io.postrider.net.Connection;
import io.postrider.net.SessionState;
import io.postrider.net.sasl.Sasl;
import io.postrider.store.Account;
import io.postrider.store.Sessions;
import io.postrider.store.Store;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/** What the server knows of one client: touched only on its connection's context. RFC 3501 §3 */
public final class ImapSession {
    /** The states of RFC 3501 §3. */
    public enum State {
        NOT_AUTHENTICATED,
        AUTHENTICATED,
        SELECTED,
        LOGOUT
    }

    private final Connection connection;
    private final Store store;
    private final Sasl sasl;
    private final ImapLimits limits;
    private final Predicate<String> ownNames;
    private final ClientInput input;
    private final Set<Extension> enabled = EnumSet.noneOf(Extension.class);
    private State state = State.NOT_AUTHENTICATED;
    private Account account;
    private SelectedMailbox selected;
    private final News news = new News(this);
    /** Null before login. */
    private Sessions.Session counted;

    private boolean isGone;
    private int failedLogins;
    private boolean identified;

    ImapSession(
            Connection connection,
            Store store,
            Sasl sasl,
            ImapLimits limits,
            Predicate<String> ownNames,
            ClientInput input) {
        this.connection = connection;
        this.store = store;
        this.sasl = sasl;
        this.limits = limits;
        this.ownNames = ownNames;
        this.input = input;
    }

    public State state() {
        return state;
    }

    public Connection connection() {
        return connection;
    }

    public Store store() {
        return store;
    }

    public Sasl sasl() {
        return sasl;
    }

    public ImapLimits limits() {
        return limits;
    }

    /** Whether a host by this name is this server. */
    boolean isOurName(String host) {
        return ownNames.test(host);
    }

    /** Octets of the largest message that may be appended, as far as the login knows. RFC 7889 */
    long maxMessage() {
        long own = account.messageSizeLimit();
        return own == 0 ? limits.maxMessage() : Math.min(own, limits.maxMessage());
    }

    /** Null before login. */
    public Account account() {
        return account;
    }

    /** What the client is told without asking. */
    News news() {
        return news;
    }

    /** Null unless a mailbox is selected. */
    public SelectedMailbox selected() {
        return selected;
    }

    /** Selects a mailbox, or none with null; closes the one before. */
    public void select(SelectedMailbox mailbox) {
        if (selected != null) {
            selected.close();
        }
        selected = mailbox;
        if (state != State.LOGOUT) {
            state = mailbox == null ? State.AUTHENTICATED : State.SELECTED;
            connection.tally().is(mailbox == null ? SessionState.AUTHENTICATED : SessionState.SELECTED);
        }
    }

    /** Whether ENABLE, or a command that implies it, has switched the extension on. RFC 5161, RFC 7162 §3.1 */
    boolean enabled(Extension extension) {
        return enabled.contains(extension);
    }

    void enable(Extension extension) {
        enabled.add(extension);
    }

    /** An empty writer, which calls mailboxes as this client does. */
    public ResponseWriter response() {
        return new ResponseWriter(names());
    }

    /** Sends what was written; it leaves at the end of the event loop's turn. */
    public void write(ResponseWriter response) {
        connection.write(response.take());
    }

    /** Asks the client to go on. RFC 3501 §7.5 */
    public void requestContinuation(String text) {
        connection.write("+ " + text + "\r\n");
    }

    /** The client's next line, without its end. Fails when the connection closes. */
    public Future<byte[]> nextLine() {
        return input.line();
    }

    /** Ends the session once the command that runs has had its tagged response. */
    public void bye(String text) {
        if (state != State.LOGOUT) {
            connection.write("* BYE " + text + "\r\n");
            state = State.LOGOUT;
        }
    }

    /** Whether the client says for the first time who it is: the log need not hear it again. */
    boolean identifiesItself() {
        boolean first = !identified;
        identified = true;
        return first;
    }

    ClientInput input() {
        return input;
    }

    MailboxNames names() {
        boolean utf8 = enabled(Extension.UTF8_ACCEPT) || enabled(Extension.IMAP4REV2);
        return MailboxNames.of(limits.dotNames(), utf8);
    }

    void loggedIn(Account whose, Sessions.Session opened) {
        counted = opened;
        if (isGone) {
            opened.close();
        }
        // Whoever used the connection before has asked for news of another account.
        news.close();
        account = whose;
        state = State.AUTHENTICATED;
        connection.tally().authenticated(whose.tenant(), whose.address());
    }

    /** As before the login, but that failed ones stay counted and the client need not say again who it is. RFC 8437 §3 */
    void loggedOut() {
        select(null);
        news.close();
        enabled.clear();
        counted.close();
        counted = null;
        account = null;
        state = State.NOT_AUTHENTICATED;
        connection.tally().unauthenticated();
    }

    void loginFailed() {
        failedLogins++;
    }

    int failedLogins() {
        return failedLogins;
    }

    /** The connection is gone. */
    void closed() {
        isGone = true;
        if (counted != null) {
            counted.close();
        }
        state = State.LOGOUT;
        select(null);
        news.close();
    }
}
