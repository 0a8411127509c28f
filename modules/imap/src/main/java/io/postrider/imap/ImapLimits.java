package io.postrider.imap;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Bounds of an IMAP connection. What lies beyond one gets a clear reply, and the conversation goes on where it can.
 *
 * @param maxLine octets of one line, its end included; imapsync sends sets of 64 KiB
 * @param maxLineBeforeLogin the same before login: room for one SASL response
 * @param maxLiteral octets of a literal that is kept in memory, so of any but a message
 * @param maxLiteralBeforeLogin the same before login: room for a name or a password
 * @param maxCommand octets of one command with its literals, messages apart
 * @param maxLiterals literals of one command, messages apart
 * @param maxQueuedCommands commands that a client may send ahead of the one that runs; then reading pauses
 * @param maxQueuedOctets their octets
 * @param maxMessage octets of an appended message
 * @param maxMessagesOfAppend messages of one APPEND. RFC 3502
 * @param maxAppendOctetsInMemory octets of one APPEND's messages that wait in memory for the last of them
 * @param maxBadInARow commands in a row that get BAD before the client gets BYE
 * @param maxBadInARowBeforeLogin the same before login
 * @param maxFailedLogins logins that may fail on one connection before it gets BYE
 * @param timeToLogin from the greeting to the login
 * @param idleTime without an octet from the client after login. RFC 3501 §5.4 wants at least 30 minutes
 * @param stillHere between the octets that a client in IDLE gets when there is no news: Outlook gives up without
 * @param inProgress between the words that a client gets while a command of its runs. RFC 9585
 * @param literalMinus whether literals beyond 4096 octets must be asked for: LITERAL- instead of LITERAL+. RFC 7888 §5
 * @param dotNames whether mailboxes are called {@code INBOX.Sent} instead of {@code Sent}: see {@link MailboxNames}
 * @param rev2 whether IMAP4rev2 is offered beside IMAP4rev1
 * @param messageLimit messages of one command. RFC 9738
 */
public record ImapLimits(
        int maxLine,
        int maxLineBeforeLogin,
        int maxLiteral,
        int maxLiteralBeforeLogin,
        int maxCommand,
        int maxLiterals,
        int maxQueuedCommands,
        int maxQueuedOctets,
        long maxMessage,
        int maxMessagesOfAppend,
        int maxAppendOctetsInMemory,
        int maxBadInARow,
        int maxBadInARowBeforeLogin,
        int maxFailedLogins,
        Duration timeToLogin,
        Duration idleTime,
        Duration stillHere,
        Duration inProgress,
        boolean literalMinus,
        boolean dotNames,
        boolean rev2,
        MessageLimit messageLimit) {
    public static final ImapLimits DEFAULT = new ImapLimits(
            64 << 10,
            20 << 10,
            64 << 10,
            4 << 10,
            256 << 10,
            100,
            100,
            256 << 10,
            100 << 20,
            1000,
            16 << 20,
            20,
            10,
            10,
            Duration.ofMinutes(1),
            Duration.ofMinutes(30),
            Duration.ofMinutes(2),
            Duration.ofSeconds(10),
            false,
            false,
            true,
            MessageLimit.DEFAULT);

    public ImapLimits withMaxMessage(long octets) {
        return with(others -> others.maxMessage = octets);
    }

    public ImapLimits withTimes(Duration toLogin, Duration idle) {
        return with(others -> {
            others.timeToLogin = toLogin;
            others.idleTime = idle;
        });
    }

    public ImapLimits withStillHere(Duration time) {
        return with(others -> others.stillHere = time);
    }

    public ImapLimits withInProgress(Duration time) {
        return with(others -> others.inProgress = time);
    }

    public ImapLimits withLiteralMinus(boolean minus) {
        return with(others -> others.literalMinus = minus);
    }

    public ImapLimits withDotNames(boolean dots) {
        return with(others -> others.dotNames = dots);
    }

    public ImapLimits withRev2(boolean offered) {
        return with(others -> others.rev2 = offered);
    }

    public ImapLimits withMessageLimit(MessageLimit limit) {
        return with(others -> others.messageLimit = limit);
    }

    private ImapLimits with(Consumer<Others> change) {
        Others others = new Others(this);
        change.accept(others);
        return new ImapLimits(
                maxLine,
                maxLineBeforeLogin,
                maxLiteral,
                maxLiteralBeforeLogin,
                maxCommand,
                maxLiterals,
                maxQueuedCommands,
                maxQueuedOctets,
                others.maxMessage,
                maxMessagesOfAppend,
                maxAppendOctetsInMemory,
                maxBadInARow,
                maxBadInARowBeforeLogin,
                maxFailedLogins,
                others.timeToLogin,
                others.idleTime,
                others.stillHere,
                others.inProgress,
                others.literalMinus,
                others.dotNames,
                others.rev2,
                others.messageLimit);
    }

    /** What may be other than the default, while it is being changed. */
    private static final class Others {
        private long maxMessage;
        private Duration timeToLogin;
        private Duration idleTime;
        private Duration stillHere;
        private Duration inProgress;
        private boolean literalMinus;
        private boolean dotNames;
        private boolean rev2;
        private MessageLimit messageLimit;

        Others(ImapLimits limits) {
            maxMessage = limits.maxMessage;
            timeToLogin = limits.timeToLogin;
            idleTime = limits.idleTime;
            stillHere = limits.stillHere;
            inProgress = limits.inProgress;
            literalMinus = limits.literalMinus;
            dotNames = limits.dotNames;
            rev2 = limits.rev2;
            messageLimit = limits.messageLimit;
        }
    }
}
