package io.postrider.message;

/**
 * An address as ENVELOPE has it. A group is told by a start, whose mailbox is the group's name and whose host is null,
 * and an end, of which all is null. RFC 3501 §7.4.2
 *
 * @param name the display name, encoded words as they are; null for none
 * @param route the obsolete source route; null for none
 * @param mailbox the local part without its quoting; empty when there is none to be read
 * @param host the domain; empty when there is none, since null would make it a group
 */
record Address(String name, String route, String mailbox, String host) {
    static final Address GROUP_END = new Address(null, null, null, null);

    static Address groupStart(String groupName) {
        return new Address(null, null, groupName, null);
    }

    boolean isGroupEnd() {
        return mailbox == null;
    }

    /** What SORT=DISPLAY orders by. RFC 5957 §3 */
    String display() {
        String decoded = name == null ? "" : EncodedWords.decode(name).strip();
        if (!decoded.isEmpty()) {
            return decoded;
        }
        if (mailbox == null) {
            return "";
        }
        return host == null || host.isEmpty() ? mailbox : mailbox + "@" + host;
    }
}
