package io.postrider.message;

import java.util.List;

/** Writes ENVELOPE. RFC 3501 §7.4.2 */
final class Envelope {
    private Envelope() {}

    static byte[] of(HeaderValues header) {
        List<Address> from = header.addresses("from");
        WireWriter out = new WireWriter();
        out.atom("(").nstring(header.get("date"));
        out.space().nstring(header.get("subject"));
        addresses(out, from);
        addresses(out, orFrom(header.addresses("sender"), from));
        addresses(out, orFrom(header.addresses("reply-to"), from));
        addresses(out, header.addresses("to"));
        addresses(out, header.addresses("cc"));
        addresses(out, header.addresses("bcc"));
        out.space().nstring(header.get("in-reply-to"));
        out.space().nstring(header.get("message-id"));
        return out.atom(")").toByteArray();
    }

    /** Of a message about which nothing is told. */
    static byte[] empty() {
        return of(HeaderValues.read(new byte[0], 0, null));
    }

    /** Clients are not expected to know that Sender and Reply-To default to From. */
    private static List<Address> orFrom(List<Address> own, List<Address> from) {
        return own.isEmpty() ? from : own;
    }

    private static void addresses(WireWriter out, List<Address> addresses) {
        if (addresses.isEmpty()) {
            out.atom(" NIL");
            return;
        }
        out.atom(" (");
        for (Address address : addresses) {
            out.atom("(").nstring(address.name());
            out.space().nstring(address.route());
            out.space().nstring(address.mailbox());
            out.space().nstring(address.host()).atom(")");
        }
        out.atom(")");
    }
}
