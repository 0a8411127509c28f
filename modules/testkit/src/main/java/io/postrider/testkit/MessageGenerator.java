package io.postrider.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;

/** Makes believable messages; the same seed makes the same ones. */
public final class MessageGenerator {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String[] WORDS =
            ("the of and to in for with on meeting invoice report draft contract please review "
                            + "attached budget quarter customer delivery schedule tomorrow regards thanks project release Zürich "
                            + "naïve façade coffee postal rider saddle bridge winter harbour ledger parcel signal")
                    .split(" ");
    private static final Instant EPOCH = Instant.parse("2026-01-05T08:00:00Z");

    private final Random random;
    private long count;

    public MessageGenerator(long seed) {
        random = new Random(seed);
    }

    /** A text message of about so many octets, at least its header's. */
    public byte[] text(int octets) {
        StringBuilder message = header().append("Content-Type: text/plain; charset=utf-8\r\n")
                .append("Content-Transfer-Encoding: 8bit\r\n\r\n");
        appendText(message, octets - message.length());
        return message.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A multipart message: plain text, HTML, and a base64 attachment that brings it to about so many octets. */
    public byte[] multipart(int octets) {
        String mixed = boundary();
        String alternative = boundary();
        StringBuilder text = new StringBuilder();
        appendText(text, 400);
        StringBuilder message = header().append("Content-Type: multipart/mixed; boundary=\"" + mixed + "\"\r\n\r\n")
                .append("--" + mixed + "\r\nContent-Type: multipart/alternative; boundary=\"" + alternative
                        + "\"\r\n\r\n")
                .append("--" + alternative + "\r\nContent-Type: text/plain; charset=utf-8\r\n")
                .append("Content-Transfer-Encoding: 8bit\r\n\r\n" + text)
                .append("--" + alternative + "\r\nContent-Type: text/html; charset=utf-8\r\n")
                .append("Content-Transfer-Encoding: 8bit\r\n\r\n<html><body><p>" + text + "</p></body></html>\r\n")
                .append("--" + alternative + "--\r\n--" + mixed + "\r\n")
                .append("Content-Type: application/octet-stream; name=\"data.bin\"\r\n")
                .append("Content-Disposition: attachment; filename=\"data.bin\"\r\n")
                .append("Content-Transfer-Encoding: base64\r\n\r\n");
        byte[] data = new byte[Math.max(60, (int) ((octets - message.length()) * 57L / 78))];
        random.nextBytes(data);
        message.append(Base64.getMimeEncoder().encodeToString(data)).append("\r\n--" + mixed + "--\r\n");
        return message.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** One word of the vocabulary. */
    public String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private StringBuilder header() {
        long number = ++count;
        Instant date = EPOCH.plusSeconds(number * 613);
        return new StringBuilder()
                .append("From: \"" + name() + "\" <" + mailbox() + ">\r\n")
                .append("To: Alice Example <alice@example.com>\r\n")
                .append("Subject: " + asciiWord() + " " + asciiWord() + " " + asciiWord() + " " + number + "\r\n")
                .append("Date: " + DATE.format(date) + "\r\n")
                .append("Message-ID: <" + number + "." + Long.toString(random.nextLong() >>> 1, 36)
                        + "@example.net>\r\n")
                .append("MIME-Version: 1.0\r\n");
    }

    private void appendText(StringBuilder text, int octets) {
        int column = 0;
        int wanted = text.length() + octets;
        while (text.length() < wanted) {
            String word = word();
            if (column + word.length() > 72) {
                text.append("\r\n");
                column = 0;
            }
            text.append(word).append(' ');
            column += word.length() + 1;
        }
        text.append("\r\n");
    }

    private String asciiWord() {
        String word = word();
        return word.chars().allMatch(c -> c < 128) ? word : "plain";
    }

    private String name() {
        return asciiWord() + " " + asciiWord();
    }

    private String mailbox() {
        return asciiWord() + random.nextInt(1000) + "@example.net";
    }

    private String boundary() {
        return "=_" + Long.toString(random.nextLong() >>> 1, 36);
    }
}
