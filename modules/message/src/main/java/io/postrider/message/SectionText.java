package io.postrider.message;

/** What of a part a FETCH section names. RFC 3501 §6.4.5 */
public enum SectionText {
    /** The whole part: {@code BODY[]}, {@code BODY[1.2]}. */
    ALL,
    /** The header of a message: {@code BODY[HEADER]}, {@code BODY[3.HEADER]}. */
    HEADER,
    /** What follows the header of a message: {@code BODY[TEXT]}, {@code BODY[3.TEXT]}. */
    TEXT,
    /** The MIME header of a part: {@code BODY[1.MIME]}. */
    MIME
}
