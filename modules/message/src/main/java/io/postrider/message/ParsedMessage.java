package io.postrider.message;

import java.util.List;

/**
 * What one pass over a message's octets found. Everything here is derived from the octets, never changes, and is bounded
 * by {@link ParserLimits} whatever the message holds.
 *
 * @param header the message's own header as it came, closing empty line included
 * @param structure where its parts lie
 * @param envelope the ENVELOPE as it goes on the wire (parenthesised, strings quoted or literal, 7-bit). RFC 3501 §7.4.2
 * @param bodyStructure the BODYSTRUCTURE as it goes on the wire
 * @param body the BODY (BODYSTRUCTURE without extension data) as it goes on the wire
 * @param sortKeys what SORT and THREAD order by
 * @param messageId the Message-ID without white space, empty when absent or unreadable
 * @param references the message ids of References, or else the first of In-Reply-To, oldest first. RFC 5256 §3
 * @param searchHeader the header fields decoded (RFC 2047, RFC 6532) and case-folded, a line a field: name, colon, one
 *     space, value, line feed
 * @param searchText the decoded text of every text part, HTML as text, and nested messages' header fields, case-folded
 * @param preview the first {@link ParserLimits#PREVIEW_CHARACTERS} characters of the text a reader would see. RFC 8970
 */
public record ParsedMessage(
        byte[] header,
        MessageStructure structure,
        byte[] envelope,
        byte[] bodyStructure,
        byte[] body,
        SortKeys sortKeys,
        String messageId,
        List<String> references,
        String searchHeader,
        String searchText,
        String preview) {}
