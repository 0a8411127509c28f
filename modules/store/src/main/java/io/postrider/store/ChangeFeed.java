package io.postrider.store;

/**
 * News of mailboxes, from this node and all others. A hint only says "look again": it may be lost, doubled, late or early.
 */
public interface ChangeFeed {
    /**
     * Gives hints about one mailbox until closed, on the context that called this.
     *
     * @param listener gets the mailbox's HIGHESTMODSEQ as far as known, or {@link Long#MAX_VALUE} for "anything may have
     *     changed"
     */
    Watch watch(MailboxKey mailbox, Listener listener);

    /**
     * Gives hints about all mailboxes of an account until closed, on the context that called this: their messages, which
     * mailboxes there are, how they are called, which names are subscribed.
     */
    Watch watchAccount(long accountId, Runnable listener);

    /** Takes hints. */
    @FunctionalInterface
    interface Listener {
        void changed(long highestModSeq);
    }

    /** A watch to be closed. */
    interface Watch {
        void close();
    }
}
