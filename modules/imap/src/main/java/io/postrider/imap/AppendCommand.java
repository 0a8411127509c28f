package io.postrider.imap;

/** APPEND. RFC 3501 §6.3.11 */
final class AppendCommand {
    private AppendCommand() {}

    static boolean endsInMessage(byte[] octets) {
        return false;
    }
}
