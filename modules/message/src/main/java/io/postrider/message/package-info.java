/**
 * What a message is: RFC 5322 and MIME, octets to structure. Pure Java, and nothing here ever fails on what a message
 * holds.
 *
 * <p>{@link io.postrider.message.MessageParser} finds lines and delimiters, {@code EntityStack} knows which parts are open
 * and what is kept of them, {@code HeaderCursor} and {@code HeaderValues} read a header, {@code Content} says what a part
 * is, {@code TextReader} decodes what is searched. All results are in {@link io.postrider.message.ParsedMessage}; all
 * bounds in {@link io.postrider.message.ParserLimits}.
 */
package io.postrider.message;
