package io.postrider.message;

import java.util.List;
import java.util.Optional;

/**
 * Where everything lies in one message: the answer to "which octets are BODY[2.1.HEADER]?".
 *
 * @param headerLength octets of the message's header as kept, closing empty line and trace fields included
 * @param size octets of the whole message
 * @param root the message's parts
 */
public record MessageStructure(long headerLength, long size, Part root) {

    /**
     * Finds the octets that a section names; empty when the message has no such part.
     *
     * @param path part numbers from 1, empty for the message itself. A message that is not a multipart has part 1, its
     *     body. RFC 3501 §6.4.5
     */
    public Optional<OctetRange> find(List<Integer> path, SectionText text) {
        throw new UnsupportedOperationException("written by the message module");
    }
}
