package io.postrider.smtp;

import io.vertx.core.Future;

/**
 * BDAT: a chunk of the message, counted. With LAST, one reply for each recipient. RFC 3030 §2, RFC 2033 §4.3
 *
 * <p>The octets come whatever the reply will be: they have to be read before it, or they would be taken for commands.
 */
record BdatCommand(long octets, boolean last) implements Command {
    private static final int MAX_DIGITS = 18;

    static BdatCommand parse(String arguments) {
        String[] words = arguments.split(" +");
        boolean last = words.length == 2 && words[1].equalsIgnoreCase("LAST");
        String octets = words[0];
        if (words.length > (last ? 2 : 1)
                || octets.isEmpty()
                || octets.length() > MAX_DIGITS
                || !octets.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Rejected(501, "5.5.4", "Chunk size expected");
        }
        return new BdatCommand(Long.parseLong(octets), last);
    }

    @Override
    public Future<Void> run(SmtpConnection session) {
        Transaction transaction = session.transaction();
        MessageReceiver receiver = receiver(session, transaction);
        return session.take(receiver, new ChunkReader(octets)).compose(taken -> {
            if (last && transaction != null) {
                // With no recipient there is no reply at all. RFC 2033 §4.3
                return Delivery.run(session, transaction, receiver);
            }
            return receiver.failure()
                    .map(Future::<Void>failedFuture)
                    .orElseGet(() -> session.reply(Reply.of(250, "2.0.0", octets + " octets received")));
        });
    }

    private static MessageReceiver receiver(SmtpConnection session, Transaction transaction) {
        if (transaction == null) {
            return new MessageReceiver(session.connection(), new Rejected(503, "5.5.1", "No transaction"));
        }
        if (transaction.chunks().isEmpty()) {
            transaction.chunksInto(
                    transaction.recipients().isEmpty()
                            ? new MessageReceiver(session.connection(), new Rejected(503, "5.5.1", "No recipients"))
                            : new MessageReceiver(
                                    session.connection(),
                                    session.store().contents(),
                                    transaction.accountIds(),
                                    session.limits().messageOctets()));
        }
        return transaction.chunks().orElseThrow();
    }
}
