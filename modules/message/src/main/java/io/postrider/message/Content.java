package io.postrider.message;

import io.postrider.message.ParameterList.Parameter;
import io.postrider.message.Part.TransferEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a MIME header says of its part. RFC 2045
 *
 * @param type in upper case, as is the subtype
 * @param boundary of a multipart; null when there is none that can be used
 * @param charset its name, or null
 * @param attachment whether a reader sees the part only when asking for it. RFC 2183
 * @param encodingName what BODYSTRUCTURE tells, in upper case
 */
record Content(
        String type,
        String subtype,
        List<Parameter> parameters,
        String boundary,
        String charset,
        boolean attachment,
        TransferEncoding encoding,
        String encodingName) {
    /** Subtypes of message that are fields to read, not messages. RFC 3464, RFC 8098, RFC 6533, RFC 5965 */
    private static final Set<String> REPORTS = Set.of(
            "DELIVERY-STATUS",
            "DISPOSITION-NOTIFICATION",
            "GLOBAL-DELIVERY-STATUS",
            "GLOBAL-DISPOSITION-NOTIFICATION",
            "GLOBAL-HEADERS",
            "FEEDBACK-REPORT");

    private static final List<Parameter> US_ASCII = List.of(new Parameter("CHARSET", "US-ASCII"));

    /** @param inDigest whether the part's default is message/rfc822. RFC 2046 §5.1.5 */
    static Content of(HeaderValues header, boolean inDigest) {
        String disposition = header.get("content-disposition");
        boolean attachment = disposition != null && disposition.regionMatches(true, 0, "attachment", 0, 10);
        String encoding = encodingName(header.get("content-transfer-encoding"));
        String field = header.get("content-type");
        ParameterList media = field == null ? null : ParameterList.parse(field);
        int slash = media == null ? -1 : media.value().indexOf('/');
        String type = slash < 0 ? "" : upper(media.value().substring(0, slash));
        String subtype = slash < 0 ? "" : upper(media.value().substring(slash + 1));
        if (!isMediaToken(type) || !isMediaToken(subtype)) {
            return byDefault(inDigest && field == null, attachment, encoding);
        }
        String charset = media.get("charset");
        boolean plainWithoutCharset = charset == null && type.equals("TEXT") && subtype.equals("PLAIN");
        List<Parameter> parameters = plainWithoutCharset ? withCharset(media.parameters()) : media.parameters();
        return new Content(
                type,
                subtype,
                parameters,
                type.equals("MULTIPART") ? boundary(media) : null,
                charset,
                attachment,
                encoding(encoding),
                encoding);
    }

    /** A part whose structure is not to be looked into. */
    Content opaque() {
        return withType("APPLICATION", "OCTET-STREAM", List.of());
    }

    /** A multipart that cannot be taken apart is shown as the text it is, so that it can be read at all. */
    Content asPlainText() {
        return withType("TEXT", "PLAIN", US_ASCII);
    }

    /** Without what a hostile sender can make long. */
    Content withoutParameters() {
        return withType(type, subtype, List.of());
    }

    boolean isText() {
        return type.equals("TEXT");
    }

    /** Whether SEARCH looks into it: text, and reports, which are as good as text. */
    boolean isSearched() {
        return isText() || type.equals("MESSAGE") && REPORTS.contains(subtype);
    }

    boolean isHtml() {
        return isText() && subtype.equals("HTML");
    }

    boolean isMultipart() {
        return type.equals("MULTIPART");
    }

    /**
     * Only messages that are not encoded can be looked into; RFC 2046 §5.2.1 allows no others, RFC 6532 §3.7 does.
     */
    boolean isMessage() {
        return type.equals("MESSAGE") && (subtype.equals("RFC822") || subtype.equals("GLOBAL"));
    }

    boolean isEncoded() {
        return encoding == TransferEncoding.BASE64 || encoding == TransferEncoding.QUOTED_PRINTABLE;
    }

    private Content withType(String newType, String newSubtype, List<Parameter> newParameters) {
        return new Content(newType, newSubtype, newParameters, null, charset, attachment, encoding, encodingName);
    }

    /** Also what a Content-Type that cannot be read means. RFC 2045 §5.2 */
    private static Content byDefault(boolean message, boolean attachment, String encoding) {
        return new Content(
                message ? "MESSAGE" : "TEXT",
                message ? "RFC822" : "PLAIN",
                message ? List.of() : US_ASCII,
                null,
                null,
                attachment,
                encoding(encoding),
                encoding);
    }

    private static List<Parameter> withCharset(List<Parameter> parameters) {
        List<Parameter> all = new ArrayList<>(US_ASCII);
        all.addAll(parameters);
        return all;
    }

    private static String boundary(ParameterList media) {
        String boundary = media.get("boundary");
        if (boundary == null) {
            return null;
        }
        String trimmed = boundary.stripTrailing();
        return trimmed.isEmpty() || trimmed.length() > ParserLimits.BOUNDARY_OCTETS ? null : trimmed;
    }

    private static String encodingName(String field) {
        String name =
                field == null ? "" : upper(ParameterList.parse(field).value().replace("\"", ""));
        return isMediaToken(name) ? name : "7BIT";
    }

    private static TransferEncoding encoding(String name) {
        return switch (name) {
            case "7BIT" -> TransferEncoding.SEVEN_BIT;
            case "8BIT" -> TransferEncoding.EIGHT_BIT;
            case "BINARY" -> TransferEncoding.BINARY;
            case "QUOTED-PRINTABLE" -> TransferEncoding.QUOTED_PRINTABLE;
            case "BASE64" -> TransferEncoding.BASE64;
            default -> TransferEncoding.UNKNOWN;
        };
    }

    private static String upper(String text) {
        return text.strip().toUpperCase(Locale.ROOT);
    }

    /** A token of RFC 2045 §5.1, of bounded length. */
    private static boolean isMediaToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7F || "()<>@,;:\\\"/[]?=".indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= ParserLimits.MEDIA_TYPE_OCTETS;
    }
}
