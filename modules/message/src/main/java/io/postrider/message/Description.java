package io.postrider.message;

import io.postrider.message.ParameterList.Parameter;
import java.util.List;
import java.util.Locale;

/**
 * The pieces of BODYSTRUCTURE that a part's header determines, ready for the wire. RFC 3501 §7.4.2
 *
 * @param fields of a leaf or message: type, subtype, parameters, id, description, encoding; of a multipart: subtype
 * @param extension what BODYSTRUCTURE has and BODY has not, from the MD5 or a multipart's parameters on
 * @param envelope of the message within; null for other parts
 */
record Description(byte[] fields, byte[] extension, byte[] envelope) {

    static Description of(Content content, HeaderValues header) {
        WireWriter fields = new WireWriter();
        WireWriter extension = new WireWriter();
        if (content.isMultipart()) {
            fields.string(content.subtype());
            parameters(extension, content.parameters());
        } else {
            // Clients of RFC 3501 know no message/global; told as message/rfc822, they understand the rest.
            fields.string(content.type()).space().string(content.isMessage() ? "RFC822" : content.subtype());
            parameters(fields.space(), content.parameters());
            fields.space().nstring(header.get("content-id"));
            fields.space().nstring(header.get("content-description"));
            fields.space().string(content.encodingName());
            extension.nstring(header.get("content-md5"));
        }
        disposition(extension.space(), header.get("content-disposition"));
        languages(extension.space(), header.get("content-language"));
        extension.space().nstring(location(header.get("content-location")));
        return new Description(fields.toByteArray(), extension.toByteArray(), null);
    }

    Description withEnvelope(byte[] envelopeWithin) {
        return new Description(fields, extension, envelopeWithin);
    }

    int length() {
        return fields.length + extension.length;
    }

    private static void parameters(WireWriter out, List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            out.atom("NIL");
            return;
        }
        String separator = "(";
        for (Parameter parameter : parameters) {
            out.atom(separator).string(parameter.name().toUpperCase(Locale.ROOT));
            out.space().string(parameter.value());
            separator = " ";
        }
        out.atom(")");
    }

    private static void disposition(WireWriter out, String field) {
        if (field == null) {
            out.atom("NIL");
            return;
        }
        ParameterList disposition = ParameterList.parse(field);
        out.atom("(").string(disposition.value().toUpperCase(Locale.ROOT)).space();
        parameters(out, disposition.parameters());
        out.atom(")");
    }

    /** White space in it comes from folding. RFC 2557 §4.4.2 */
    private static String location(String field) {
        return field == null ? null : field.replace(" ", "").replace("\t", "");
    }

    /** RFC 3282: tags with commas between. */
    private static void languages(WireWriter out, String field) {
        String[] tags = field == null ? new String[0] : field.split("[,\\s]+", ParserLimits.PARAMETERS);
        int count = 0;
        for (String tag : tags) {
            if (!tag.isEmpty()) {
                out.atom(count++ == 0 ? "(" : " ").string(tag);
            }
        }
        out.atom(count == 0 ? "NIL" : ")");
    }
}
