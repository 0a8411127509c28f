package io.postrider.smtp;

import io.vertx.core.buffer.Buffer;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The fields put before a message at final delivery: Return-Path, Delivered-To, Received. RFC 5321 §4.4
 *
 * <p>All that a client chose has been through {@link PathReader}, which lets no control character pass. A Return-Path that
 * the message already has stays where it is: removing it is a MAY, the octets are not ours to change, and the first one,
 * which is ours, is the one that counts.
 */
record TraceFields(
        Path reversePath,
        String helloName,
        String clientAddress,
        String hostname,
        String with,
        String id,
        ZonedDateTime now) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    /** @param recipients all of one account; the "for" clause may name one only. RFC 5321 §4.4 */
    Buffer forRecipients(List<Path> recipients) {
        StringBuilder text = new StringBuilder(512);
        text.append("Return-Path: ").append(reversePath).append("\r\n");
        for (Path recipient : recipients) {
            text.append("Delivered-To: ").append(recipient.mailbox()).append("\r\n");
        }
        text.append("Received: from ")
                .append(helloName)
                .append(" (")
                .append(addressLiteral())
                .append(")\r\n");
        text.append("\tby ")
                .append(hostname)
                .append(" with ")
                .append(with)
                .append(" id ")
                .append(id)
                .append("\r\n");
        text.append("\tfor ").append(recipients.get(0)).append(";\r\n");
        text.append("\t").append(DATE.format(now)).append("\r\n");
        return Buffer.buffer(text.toString());
    }

    /** RFC 5321 §4.1.3 */
    private String addressLiteral() {
        return "[" + (clientAddress.indexOf(':') >= 0 ? "IPv6:" : "") + clientAddress + "]";
    }
}
