package io.postrider.server;

import io.postrider.imap.ImapLimits;
import io.postrider.pop3.Pop3Limits;
import io.postrider.server.config.Configuration;
import io.postrider.smtp.LmtpLimits;

/** The protocols' limits with what an administrator has moved. */
final class ProtocolLimits {
    private ProtocolLimits() {}

    static ImapLimits imap(Configuration configuration) {
        ImapLimits usual = ImapLimits.DEFAULT;
        return usual.withMaxMessage(configuration.messageOctets())
                .withTimes(usual.timeToLogin(), configuration.imap().idle())
                .withDotNames(configuration.imap().dotNames())
                .withRev2(configuration.imap().rev2())
                .withLiteralMinus(configuration.imap().literalMinus())
                .withMessageLimit(configuration.imap().messageLimit());
    }

    static Pop3Limits pop3(Configuration configuration) {
        Pop3Limits usual = Pop3Limits.DEFAULT;
        return new Pop3Limits(
                usual.commandOctets(),
                usual.protocolErrors(),
                usual.loginAttempts(),
                usual.messages(),
                usual.timeToLogin(),
                configuration.pop3().idle(),
                usual.lease(),
                usual.replaceNuls());
    }

    static LmtpLimits lmtp(Configuration configuration) {
        LmtpLimits usual = LmtpLimits.DEFAULT;
        return new LmtpLimits(
                usual.commandOctets(),
                configuration.messageOctets(),
                usual.recipients(),
                usual.transactions(),
                usual.commandsWithoutMail(),
                usual.protocolErrors(),
                configuration.lmtp().idle(),
                configuration.lmtp().overQuotaIsTemporary(),
                configuration.lmtp().detailNamesMailbox());
    }
}
