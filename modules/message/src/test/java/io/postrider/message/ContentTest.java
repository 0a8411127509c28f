package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What MIME headers say, as BODYSTRUCTURE tells it. */
class ContentTest {
    private static String structure(String header) {
        ParsedMessage parsed = Parsing.parse(header + "\r\n\r\n");
        WireGrammar.checkBody(parsed.bodyStructure(), true, parsed.structure().root());
        return Parsing.text(parsed.bodyStructure());
    }

    @Test
    void extensionDataIsToldInItsOrder() {
        assertEquals(
                "(\"IMAGE\" \"PNG\" (\"NAME\" \"a b.png\") \"<1@x>\" \"A picture\" \"BASE64\" 0 \"Q2hlY2sgSW50ZWdyaXR5IQ==\""
                        + " (\"ATTACHMENT\" (\"FILENAME\" \"a.png\" \"SIZE\" \"7\")) (\"de\" \"en-GB\") \"http://x/y\")",
                structure(
                        "Content-Type: Image/png; name=\"a b.png\"\r\nContent-ID: <1@x>\r\nContent-Description: A picture\r\n"
                                + "Content-Transfer-Encoding: Base64\r\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\r\n"
                                + "Content-Disposition: attachment; filename=a.png; size=7\r\nContent-Language: de, en-GB\r\n"
                                + "Content-Location: http://x/y"));
    }

    @Test
    void extendedParametersPassAsTheyAre() {
        assertEquals(
                "(\"TEXT\" \"X\" (\"NAME*0*\" \"utf-8''%C3%A9\" \"NAME*1\" \"b\") NIL NIL \"7BIT\" 0 0 NIL NIL NIL NIL)",
                structure("Content-Type: text/x; name*0*=utf-8''%C3%A9; name*1=\"b\""));
    }

    @Test
    void contentTypesThatCannotBeReadArePlainText() {
        String plain = "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 0 0 NIL NIL NIL NIL)";
        for (String type : new String[] {
            "",
            "text",
            "/",
            "text/",
            "a b/c",
            "image/\u00e9",
            ";",
            "\"text/html\"",
            "multipart/mixed",
            "multipart/mixed; boundary="
        }) {
            assertEquals(plain, structure("Content-Type: " + type), type);
        }
    }

    @Test
    void patienceWithParameters() {
        String start = "(\"TEXT\" \"X\" (\"CHARSET\" \"utf-8\") ";
        for (String parameters : new String[] {
            "charset=utf-8",
            " charset = utf-8 ;",
            ";; charset=\"utf-8\"",
            "(c) charset=(c)utf-8 (c)",
            "charset=\"utf-8",
            "charset=\"utf-8\" junk",
            "charset; =x; charset=utf-8"
        }) {
            assertEquals(
                    start, structure("Content-Type: text/x;" + parameters).substring(0, start.length()), parameters);
        }
    }

    @Test
    void quotesAndBackslashesAreEscaped() {
        String name = "(\"NAME\" \"a\\\"b\\\\c\")";
        assertEquals(
                "(\"TEXT\" \"X\" " + name,
                structure("Content-Type: text/x; name=\"a\\\"b\\\\c\"").substring(0, 12 + name.length()));
    }

    @Test
    void anEncodingIsAToken() {
        for (String encoding : new String[] {"", "\"", "a b", "\u00e9", "(7bit)"}) {
            assertEquals(
                    "(\"TEXT\" \"X\" NIL NIL NIL \"7BIT\" 0 0 NIL NIL NIL NIL)",
                    structure("Content-Type: text/x\r\nContent-Transfer-Encoding: " + encoding));
        }
        assertEquals(
                "(\"TEXT\" \"X\" NIL NIL NIL \"X-UUENCODE\" 0 0 NIL NIL NIL NIL)",
                structure("Content-Type: text/x\r\nContent-Transfer-Encoding: x-uuencode (old)"));
    }

    @Test
    void aMultipartWithoutPartsHasAnEmptyOne() {
        ParsedMessage parsed = Parsing.parse("Content-Type: multipart/mixed; boundary=b\r\n\r\nno delimiter");
        assertEquals(
                "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 0 0) \"MIXED\")",
                Parsing.text(parsed.body()));
        assertEquals(1, parsed.structure().root().children().size());
    }

    @Test
    void encodedMessagesAndOtherMessageTypesAreLeaves() {
        assertEquals(
                "(\"APPLICATION\" \"OCTET-STREAM\" NIL NIL NIL \"BASE64\" 0 NIL NIL NIL NIL)",
                structure("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64"));
        assertEquals(
                "(\"MESSAGE\" \"EXTERNAL-BODY\" (\"ACCESS-TYPE\" \"URL\") NIL NIL \"7BIT\" 0 NIL NIL NIL NIL)",
                structure("Content-Type: message/external-body; access-type=URL"));
    }

    @Test
    void messageGlobalIsToldAsTheMessageItIs() {
        assertEquals(
                "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"8BIT\" 0 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"TEXT\" \"PLAIN\""
                        + " (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 0 0 NIL NIL NIL NIL) 0 NIL NIL NIL NIL)",
                structure("Content-Type: message/global\r\nContent-Transfer-Encoding: 8bit"));
    }

    @Test
    void partsOfADigestAreMessages() {
        ParsedMessage parsed = Parsing.parse(
                "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: x\r\n\r\ny\r\n--b--\r\n");
        assertEquals(
                Part.Kind.MESSAGE, parsed.structure().root().children().get(0).kind());
    }
}
