/**
 * LMTP, and one day SMTP and submission as further dialects of it: a conversation on a connection, one file a command, and
 * the way of a message's octets from the socket into the store.
 */
package io.postrider.smtp;
