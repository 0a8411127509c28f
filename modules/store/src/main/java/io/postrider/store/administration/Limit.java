package io.postrider.store.administration;

/** What can be limited. A tenant's limits are for all its accounts together, but for the size of a message. 0 is no limit. */
public enum Limit {
    ACCOUNTS("accounts", "account_limit"),
    OCTETS("octets", "octet_limit"),
    MESSAGES("messages", "message_limit"),
    MESSAGE_SIZE("messageSize", "message_size_limit"),
    MAILBOXES("mailboxes", "mailbox_limit"),
    CONNECTIONS("connections", "connection_limit"),
    LOGINS_PER_MINUTE("loginsPerMinute", "login_limit"),
    DELIVERIES_PER_MINUTE("deliveriesPerMinute", "delivery_limit");

    private final String text;
    private final String column;

    Limit(String text, String column) {
        this.text = text;
        this.column = column;
    }

    /** As the API and the command line call it. */
    public String text() {
        return text;
    }

    public String column() {
        return column;
    }

    /** An account has all but a number of accounts. */
    public boolean isOfAccounts() {
        return this != ACCOUNTS;
    }
}
