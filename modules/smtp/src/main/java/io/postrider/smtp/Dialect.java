package io.postrider.smtp;

/** Which of the protocols that grew from SMTP is spoken. */
enum Dialect {
    /** RFC 2033 */
    LMTP("LHLO");

    private final String hello;

    Dialect(String hello) {
        this.hello = hello;
    }

    /** The command that opens a session. */
    String hello() {
        return hello;
    }

    /** The "with" of a Received field. RFC 3848, RFC 6531 §4.3 */
    String with(boolean secure, boolean smtpUtf8) {
        return (smtpUtf8 ? "UTF8" : "") + name() + (secure ? "S" : "");
    }
}
