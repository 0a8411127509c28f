package io.postrider.net;

/** How far a client has come, in the words of RFC 3501 §3. POP3 stops at the second, LMTP at the first. */
public enum SessionState {
    NOT_AUTHENTICATED,
    AUTHENTICATED,
    SELECTED
}
