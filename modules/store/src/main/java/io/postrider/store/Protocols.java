package io.postrider.store;

import java.util.List;

/** The names under which a tenant or an account may be allowed a protocol or not. */
public final class Protocols {
    public static final String IMAP = "imap";
    public static final String POP3 = "pop3";
    /** Delivery. */
    public static final String LMTP = "lmtp";

    public static final List<String> ALL = List.of(IMAP, POP3, LMTP);

    private Protocols() {}
}
