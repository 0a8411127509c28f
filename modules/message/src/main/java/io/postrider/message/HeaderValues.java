package io.postrider.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of one header that a parse cares for, unfolded; and, for search, all of them decoded. */
final class HeaderValues {
    /** Their lists are joined when the field comes more than once. */
    private static final Set<String> ADDRESSES = Set.of("from", "sender", "reply-to", "to", "cc", "bcc");

    private static final Set<String> OTHERS = Set.of(
            "date",
            "subject",
            "in-reply-to",
            "references",
            "message-id",
            "content-type",
            "content-transfer-encoding",
            "content-id",
            "content-description",
            "content-disposition",
            "content-language",
            "content-location",
            "content-md5");

    private static final int LONGEST_NAME = "content-transfer-encoding".length();

    private final Map<String, String> first = new HashMap<>();
    private final Map<String, List<String>> addressFields = new HashMap<>();

    /** @param search where every field is appended as a line, decoded; null for a header that is not searched */
    static HeaderValues read(byte[] header, int length, StringBuilder search) {
        HeaderValues values = new HeaderValues();
        HeaderCursor fields = new HeaderCursor(header, length);
        while (fields.next()) {
            if (fields.hasName()) {
                values.read(header, fields, search);
            }
        }
        return values;
    }

    /** The value of the first field of that name, or null. */
    String get(String name) {
        return first.get(name);
    }

    /** What all fields of that name list, bounded by {@link ParserLimits#ADDRESSES}. */
    List<Address> addresses(String name) {
        List<String> fields = addressFields.get(name);
        if (fields == null) {
            return List.of();
        }
        List<Address> all = new ArrayList<>();
        for (String field : fields) {
            if (all.size() < ParserLimits.ADDRESSES) {
                all.addAll(AddressParser.parse(field, ParserLimits.ADDRESSES - all.size()));
            }
        }
        return all;
    }

    private void read(byte[] header, HeaderCursor fields, StringBuilder search) {
        int nameLength = fields.nameEnd() - fields.start();
        if (search == null && nameLength > LONGEST_NAME) {
            return;
        }
        String spelt = new String(header, fields.start(), nameLength, StandardCharsets.ISO_8859_1);
        String name = CaseFold.fold(spelt);
        boolean isAddresses = ADDRESSES.contains(name);
        boolean isWanted = isAddresses || OTHERS.contains(name);
        if (search == null && !isWanted) {
            return;
        }
        String value = HeaderText.value(header, fields.valueStart(), fields.end());
        if (isAddresses) {
            List<String> fieldsSoFar = addressFields.computeIfAbsent(name, none -> new ArrayList<>(1));
            if (fieldsSoFar.size() < ParserLimits.ADDRESSES) {
                fieldsSoFar.add(value);
            }
        } else if (isWanted) {
            first.putIfAbsent(name, value);
        }
        if (search != null) {
            search.append(spelt).append(": ").append(searchable(value)).append('\n');
        }
    }

    /** An encoded word can hold a line break, which must not look like another field. */
    private static String searchable(String value) {
        String decoded = EncodedWords.decode(value);
        return decoded.equals(value) ? value : decoded.replace('\n', ' ').replace('\r', ' ');
    }
}
