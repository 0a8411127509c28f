package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.postrider.message.Part.Kind;

/** Reads ENVELOPE, BODY and BODYSTRUCTURE as strictly as RFC 3501 §9 has them, and holds them against the structure. */
final class WireGrammar {
    private final byte[] octets;
    private final boolean extended;
    private int at;

    private WireGrammar(byte[] octets, boolean extended) {
        this.octets = octets;
        this.extended = extended;
    }

    static void checkEnvelope(byte[] envelope) {
        WireGrammar grammar = new WireGrammar(envelope, false);
        grammar.envelope();
        grammar.end();
    }

    /** Also that sizes and nesting are those of {@code root}. */
    static void checkBody(byte[] body, boolean extended, Part root) {
        WireGrammar grammar = new WireGrammar(body, extended);
        grammar.body(root);
        grammar.end();
    }

    private void envelope() {
        expect("(");
        nstring();
        space();
        nstring();
        for (int i = 0; i < 6; i++) {
            space();
            addresses();
        }
        space();
        nstring();
        space();
        nstring();
        expect(")");
    }

    private void addresses() {
        if (nil()) {
            return;
        }
        expect("(");
        boolean inGroup = false;
        do {
            expect("(");
            nstring();
            space();
            nstring();
            space();
            String mailbox = nstring();
            space();
            String host = nstring();
            expect(")");
            if (host == null) {
                assertEquals(inGroup, mailbox == null, "groups are started and ended in turn");
                inGroup = mailbox != null;
            }
        } while (peek() == '(');
        assertTrue(!inGroup, "every group is ended");
        expect(")");
    }

    private void body(Part part) {
        expect("(");
        if (peek() == '(') {
            multipart(part);
        } else {
            onePart(part);
        }
        expect(")");
    }

    private void multipart(Part part) {
        assertEquals(Kind.MULTIPART, part.kind());
        for (Part child : part.children()) {
            body(child);
        }
        space();
        string();
        if (extended) {
            space();
            parameters();
            dispositionLanguageLocation();
        }
    }

    private void onePart(Part part) {
        String type = string().toUpperCase();
        space();
        String subtype = string().toUpperCase();
        space();
        parameters();
        space();
        nstring();
        space();
        nstring();
        space();
        string();
        space();
        assertEquals(part.bodyLength(), number());
        boolean message = type.equals("MESSAGE") && subtype.equals("RFC822");
        assertEquals(message ? Kind.MESSAGE : Kind.LEAF, part.kind());
        assertTrue(!type.equals("MULTIPART"), "a multipart is told by its parts");
        if (message) {
            space();
            envelope();
            space();
            assertEquals(1, part.children().size());
            body(part.children().get(0));
        }
        if (message || type.equals("TEXT")) {
            space();
            assertTrue(number() <= part.bodyLength());
        }
        if (extended) {
            space();
            nstring();
            dispositionLanguageLocation();
        }
    }

    private void dispositionLanguageLocation() {
        space();
        if (!nil()) {
            expect("(");
            string();
            space();
            parameters();
            expect(")");
        }
        space();
        languages();
        space();
        nstring();
    }

    private void languages() {
        if (peek() != '(') {
            nstring();
            return;
        }
        expect("(");
        string();
        while (peek() == ' ') {
            space();
            string();
        }
        expect(")");
    }

    private void parameters() {
        if (nil()) {
            return;
        }
        expect("(");
        string();
        space();
        string();
        while (peek() == ' ') {
            space();
            string();
            space();
            string();
        }
        expect(")");
    }

    private String nstring() {
        return nil() ? null : string();
    }

    private String string() {
        expect("\"");
        StringBuilder content = new StringBuilder();
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
                assertTrue(peek() == '"' || peek() == '\\', "only quoted-specials are escaped");
            }
            assertTrue(peek() > 0 && peek() != '\r' && peek() != '\n', "a TEXT-CHAR, not " + peek());
            content.append((char) octets[at++]);
        }
        at++;
        return content.toString();
    }

    private long number() {
        int start = at;
        while (at < octets.length && octets[at] >= '0' && octets[at] <= '9') {
            at++;
        }
        assertTrue(at > start, "a number where one is due");
        long number = Long.parseLong(new String(octets, start, at - start));
        assertTrue(number < 1L << 32, "a number has 32 bits");
        return number;
    }

    private boolean nil() {
        if (peek() != 'N') {
            return false;
        }
        expect("NIL");
        return true;
    }

    private void space() {
        expect(" ");
    }

    private void expect(String expected) {
        for (int i = 0; i < expected.length(); i++) {
            if (peek() != expected.charAt(i)) {
                fail("expected " + expected + " at " + at + " of "
                        + new String(octets, 0, Math.min(2000, octets.length)));
            }
            at++;
        }
    }

    private int peek() {
        return at < octets.length ? octets[at] : -1;
    }

    private void end() {
        assertEquals(octets.length, at, "nothing is left over");
    }
}
