package io.postrider.message;

/**
 * Bounds of one parse. Beyond a bound nothing fails: the octets are all kept, and only what is derived from them stops
 * growing.
 *
 * @param headerOctets of the message's header; what lies beyond counts as body, cut behind a line where there is one
 * @param partHeaderOctets of a part's header
 * @param parts how many parts are told apart; further ones belong to the body of the last
 * @param depth how deep parts nest; a multipart or message deeper than that is a leaf
 * @param searchTextCharacters decoded text kept for search
 */
public record ParserLimits(int headerOctets, int partHeaderOctets, int parts, int depth, int searchTextCharacters) {
    public static final int PREVIEW_CHARACTERS = 200;

    /** Of one string in ENVELOPE or BODYSTRUCTURE, before it is made 7-bit; the rest of it is left out. */
    public static final int STRING_CHARACTERS = 4096;

    /** Told of in one address field; further ones are left out. */
    public static final int ADDRESSES = 1000;

    /** Told of in one Content-Type or Content-Disposition, and languages in one Content-Language. */
    public static final int PARAMETERS = 100;

    /** A media type or subtype is no longer than this; otherwise the field is not valid. RFC 6838 §4.2 */
    public static final int MEDIA_TYPE_OCTETS = 127;

    /** A boundary is no longer than this, though RFC 2046 §5.1.1 allows 70; otherwise the multipart is a leaf. */
    public static final int BOUNDARY_OCTETS = 256;

    /**
     * Of the BODYSTRUCTURE's strings and the envelopes in it. Parts beyond are told of by type, encoding and size only.
     */
    public static final int DESCRIPTION_OCTETS = 1 << 20;

    /** Of each text in {@link SortKeys}. */
    public static final int SORT_KEY_CHARACTERS = 512;

    /** Of one message id, the line length of RFC 5322 §2.1.1; a longer one counts as unreadable. */
    public static final int MESSAGE_ID_OCTETS = 998;

    /** Kept of one References: the first, for the thread's root, and the newest. */
    public static final int REFERENCES = 100;

    public static final ParserLimits DEFAULT = new ParserLimits(1 << 20, 64 << 10, 10_000, 100, 1 << 20);

    public ParserLimits {
        if (headerOctets < 1 || partHeaderOctets < 1 || parts < 1 || depth < 0 || searchTextCharacters < 0) {
            throw new IllegalArgumentException("a limit is too small");
        }
    }
}
