package io.postrider.imap;

import io.postrider.net.Connection;
import io.postrider.store.Account;
import io.postrider.store.Store;

/** What the server knows of one client: touched only on its connection's context. RFC 3501 §3 */
public final class ImapSession {
    /** The states of RFC 3501 §3. */
    public enum State {
        NOT_AUTHENTICATED,
        AUTHENTICATED,
        SELECTED,
        LOGOUT
    }

    public State state() {
        throw new UnsupportedOperationException();
    }

    public Connection connection() {
        throw new UnsupportedOperationException();
    }

    public Store store() {
        throw new UnsupportedOperationException();
    }

    /** Null before login. */
    public Account account() {
        throw new UnsupportedOperationException();
    }

    /** Null unless a mailbox is selected. */
    public SelectedMailbox selected() {
        throw new UnsupportedOperationException();
    }

    /** Selects a mailbox, or none with null; closes the one before. */
    public void select(SelectedMailbox mailbox) {
        throw new UnsupportedOperationException();
    }

    /** Whether ENABLE, or a command that implies it, has switched the extension on: CONDSTORE. RFC 5161, RFC 7162 §3.1 */
    public boolean enabled(String extension) {
        throw new UnsupportedOperationException();
    }

    public void enable(String extension) {
        throw new UnsupportedOperationException();
    }
}
