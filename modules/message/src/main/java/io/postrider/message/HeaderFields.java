package io.postrider.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Picks fields out of a header for {@code BODY[HEADER.FIELDS (...)]} and {@code HEADER.FIELDS.NOT}: their octets as they
 * are, folding and order included, and then the header's closing empty line. RFC 3501 §6.4.5
 *
 * <p>A header that has no closing empty line gets none: that is a message without a body. RFC 3501 §7.4.2
 */
public final class HeaderFields {
    /** Names that are compared one after another; more are looked up. */
    private static final int FEW = 16;

    private HeaderFields() {}

    /** The fields with one of these names, in any case. */
    public static byte[] select(byte[] header, Collection<String> names) {
        return pick(header, names, true);
    }

    /** All fields but those with one of these names, in any case. Lines that are no fields stay. */
    public static byte[] exclude(byte[] header, Collection<String> names) {
        return pick(header, names, false);
    }

    private static byte[] pick(byte[] header, Collection<String> names, boolean named) {
        Set<String> folded = new HashSet<>();
        names.forEach(name -> folded.add(CaseFold.fold(name)));
        ByteArrayOutputStream picked = new ByteArrayOutputStream();
        HeaderCursor fields = new HeaderCursor(header, header.length);
        while (fields.next()) {
            if (isAmong(folded, header, fields) == named) {
                picked.write(header, fields.start(), fields.end() - fields.start());
            }
        }
        picked.write(header, fields.closing(), header.length - fields.closing());
        return picked.toByteArray();
    }

    private static boolean isAmong(Set<String> folded, byte[] header, HeaderCursor fields) {
        if (!fields.hasName()) {
            return false;
        }
        int length = fields.nameEnd() - fields.start();
        if (folded.size() > FEW || hasOtherThanAscii(header, fields)) {
            return folded.contains(
                    CaseFold.fold(new String(header, fields.start(), length, StandardCharsets.ISO_8859_1)));
        }
        for (String name : folded) {
            if (name.length() == length && isSame(name, header, fields.start())) {
                return true;
            }
        }
        return false;
    }

    /** Whether ASCII octets fold to the name: it costs no string for each field of each message. */
    private static boolean isSame(String folded, byte[] octets, int from) {
        for (int i = 0; i < folded.length(); i++) {
            byte octet = octets[from + i];
            if (folded.charAt(i) != (octet >= 'A' && octet <= 'Z' ? octet + 'a' - 'A' : octet)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasOtherThanAscii(byte[] header, HeaderCursor fields) {
        for (int i = fields.start(); i < fields.nameEnd(); i++) {
            if (header[i] <= 0) {
                return true;
            }
        }
        return false;
    }
}
