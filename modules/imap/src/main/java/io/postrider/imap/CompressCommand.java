package io.postrider.imap;

import io.vertx.core.Future;

/** COMPRESS: the runner sends its tagged OK as the last octets that are not compressed. RFC 4978 §3 */
record CompressCommand() implements Command {
    static Command parse(CommandReader reader) {
        reader.space();
        if (!reader.takeWord("DEFLATE")) {
            throw reader.bad("DEFLATE");
        }
        return new CompressCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (session.connection().deflate().isOn()) {
            return Future.failedFuture(new No("COMPRESSIONACTIVE", "DEFLATE is active"));
        }
        if (session.input().unread() > 0) {
            // It could not be told from what is compressed.
            return Future.failedFuture(new BadSyntax("Nothing may follow COMPRESS before its reply"));
        }
        return Future.succeededFuture(Completion.of("DEFLATE active"));
    }
}
