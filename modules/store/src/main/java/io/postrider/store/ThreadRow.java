package io.postrider.store;

/**
 * What threads are made of. Texts are known by fingerprints of 64 bits, of which only equality means something: a mailbox's
 * message ids would not fit into memory.
 *
 * @param sentSeconds the Date field, or else the internal date, in seconds since 1970. RFC 5256 §2.2
 * @param subject of the base subject; 0 when that is empty
 * @param reply whether the subject is one of a reply or forward
 * @param messageId 0 when there is none
 * @param references of References or In-Reply-To, oldest first
 */
public record ThreadRow(long uid, long sentSeconds, long subject, boolean reply, long messageId, long[] references) {}
