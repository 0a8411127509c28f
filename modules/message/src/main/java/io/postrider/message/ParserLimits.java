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
    public static final ParserLimits DEFAULT = new ParserLimits(1 << 20, 64 << 10, 10_000, 100, 1 << 20);
}
