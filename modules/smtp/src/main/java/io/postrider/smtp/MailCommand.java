package io.postrider.smtp;

import io.vertx.core.Future;
import java.util.Map;

/**
 * MAIL FROM: begins a transaction. RFC 5321 §4.1.1.2
 *
 * @param declaredSize 0 when none was declared. RFC 1870
 * @param smtpUtf8 whether addresses and header may go beyond ASCII. RFC 6531 §3.4
 */
record MailCommand(Path reversePath, long declaredSize, boolean smtpUtf8) implements Command {
    private static final int MAX_SIZE_DIGITS = 20;

    static MailCommand parse(String arguments) {
        PathReader reader = new PathReader(arguments, "5.1.7");
        reader.keyword("FROM:");
        Path path = reader.reversePath();
        long size = 0;
        boolean smtpUtf8 = false;
        for (Map.Entry<String, String> parameter : reader.parameters().entrySet()) {
            switch (parameter.getKey()) {
                case "SIZE" -> size = size(parameter.getValue());
                case "BODY" -> checkBody(parameter.getValue());
                case "SMTPUTF8" -> {
                    CommandTable.requireNone(parameter.getValue());
                    smtpUtf8 = true;
                }
                default -> throw new Rejected(555, "5.5.4", "Parameter not recognized");
            }
        }
        if (path.isInternational() && !smtpUtf8) {
            throw new Rejected(550, "5.6.7", "SMTPUTF8 required"); // RFC 6531 §3.5
        }
        return new MailCommand(path, size, smtpUtf8);
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        session.requireHello();
        if (session.transaction() != null) {
            throw new Rejected(503, "5.5.1", "Transaction already open"); // RFC 5321 §4.1.4
        }
        if (declaredSize > session.limits().messageOctets()) {
            throw new Rejected(552, "5.3.4", "Message too big"); // RFC 1870 §6.1
        }
        if (!session.mayBegin()) {
            return session.goodbye("4.7.0", "Too many transactions, connect again");
        }
        session.begin(new Transaction(this));
        return session.reply(Reply.of(250, "2.1.0", "Ok"));
    }

    private static long size(String value) {
        if (value.isEmpty()
                || value.length() > MAX_SIZE_DIGITS
                || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Rejected(501, "5.5.4", "Bad SIZE");
        }
        return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
    }

    /** What is stored is eight bits wide either way. RFC 6152 §3 */
    private static void checkBody(String value) {
        if (!value.equalsIgnoreCase("7BIT") && !value.equalsIgnoreCase("8BITMIME")) {
            throw new Rejected(501, "5.5.4", "Bad BODY");
        }
    }
}
