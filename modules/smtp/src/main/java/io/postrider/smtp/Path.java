package io.postrider.smtp;

/**
 * A reverse-path or forward-path without its source route, quotes taken off. RFC 5321 §4.1.2
 *
 * @param localPart "" in the null reverse-path
 * @param domain "" in the null reverse-path and in {@code <Postmaster>}; an address literal keeps its brackets
 */
record Path(String localPart, String domain) {
    /** {@code <>}: nobody to send failures to. RFC 5321 §4.5.5 */
    static final Path NULL = new Path("", "");

    boolean isNull() {
        return localPart.isEmpty() && domain.isEmpty();
    }

    boolean isLiteral() {
        return domain.startsWith("[");
    }

    /** Whether it takes SMTPUTF8 to say it. RFC 6531 §3.3 */
    boolean isInternational() {
        return !localPart.chars().allMatch(c -> c < 0x80) || !domain.chars().allMatch(c -> c < 0x80);
    }

    /** As the directory knows it: all quoted forms of a local part are the same. RFC 5321 §4.1.2 */
    String address() {
        return domain.isEmpty() ? localPart : localPart + "@" + domain;
    }

    /** The mailbox in the form with least quoting. */
    String mailbox() {
        String local = PathReader.isDotString(localPart) ? localPart : quoted(localPart);
        return domain.isEmpty() ? (isNull() ? "" : local) : local + "@" + domain;
    }

    /** In angle brackets. */
    @Override
    public String toString() {
        return "<" + mailbox() + ">";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
