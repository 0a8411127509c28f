package io.postrider.smtp;

import java.time.Duration;

/**
 * The bounds of an LMTP session and the choices an operator has.
 *
 * @param commandOctets of a command line with its end; beyond it 500. RFC 5321 §4.5.3.1.4 asks for 512, extensions for more
 * @param messageOctets of a message; beyond it 552 5.3.4
 * @param recipients of one transaction; beyond it 452 4.5.3, and no less than 100. RFC 5321 §4.5.3.1.8
 * @param transactions of one connection; beyond it 421
 * @param commandsWithoutMail that may follow each other without a message among them; beyond it 421
 * @param protocolErrors that may come without a message between them; beyond it 421
 * @param idle how long the client may be silent; then 421 4.4.2. RFC 5321 §4.5.3.2.7
 * @param overQuotaIsTemporary whether mail for a full account is to be tried again (452 4.2.2) or returned (552 5.2.2)
 * @param detailNamesMailbox whether mail for {@code alice+lists} goes to the mailbox {@code lists} if there is one, rather
 *     than to INBOX. RFC 5233
 */
public record LmtpLimits(
        int commandOctets,
        long messageOctets,
        int recipients,
        int transactions,
        int commandsWithoutMail,
        int protocolErrors,
        Duration idle,
        boolean overQuotaIsTemporary,
        boolean detailNamesMailbox) {
    public static final LmtpLimits DEFAULT =
            new LmtpLimits(2048, 100L << 20, 100, 10_000, 1000, 20, Duration.ofMinutes(5), false, false);

    public LmtpLimits {
        if (recipients < 100) {
            throw new IllegalArgumentException("recipients must be 100 at least (RFC 5321 4.5.3.1.8)");
        }
    }

    public LmtpLimits withMessageOctets(long octets) {
        return new LmtpLimits(
                commandOctets,
                octets,
                recipients,
                transactions,
                commandsWithoutMail,
                protocolErrors,
                idle,
                overQuotaIsTemporary,
                detailNamesMailbox);
    }
}
