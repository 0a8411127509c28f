package io.postrider.store;

/**
 * A message's octets, all taken and parsed, not yet in any mailbox: what {@link IncomingMessage#end} gives and
 * {@link Messages} takes. Only the store looks inside.
 */
public interface NewContent {
    /** Octets of the message as it came, without trace fields put before it at delivery. */
    long size();
}
