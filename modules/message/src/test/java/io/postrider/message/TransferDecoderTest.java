package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postrider.message.Part.TransferEncoding;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TransferDecoderTest {
    private static String decode(TransferEncoding encoding, String encoded) {
        byte[] in = Parsing.octets(encoded);
        String whole = null;
        for (int cut = 0; cut <= in.length; cut++) {
            TransferDecoder decoder = TransferDecoder.of(encoding);
            byte[] out = new byte[in.length + 2 * TransferDecoder.HELD_BACK];
            int first = decoder.decode(in, 0, cut, out, 0);
            int second = decoder.decode(in, cut, in.length - cut, out, first);
            String decoded = Parsing.text(Arrays.copyOf(out, first + second));
            assertEquals(whole == null ? decoded : whole, decoded, "cut at " + cut);
            whole = decoded;
        }
        return whole;
    }

    private static String base64(String encoded) {
        return decode(TransferEncoding.BASE64, encoded);
    }

    private static String quotedPrintable(String encoded) {
        return decode(TransferEncoding.QUOTED_PRINTABLE, encoded);
    }

    @Test
    void base64() {
        assertEquals("hello", base64("aGVs\r\nbG8="));
        assertEquals("hello", base64("aGVsbG8"));
        assertEquals("aab", base64("YQ==YWI="));
        assertEquals("hello", base64("a!G\0V-sb\u00ffG8="));
        assertEquals("", base64("===="));
        assertEquals("", base64("a"));
    }

    @Test
    void quotedPrintable() {
        assertEquals("a=b\u00e9", quotedPrintable("a=3Db=E9"));
        assertEquals("long line", quotedPrintable("long =\r\nline"));
        assertEquals("long line", quotedPrintable("long = \t\r\nline"));
        assertEquals("long line", quotedPrintable("long =\nline"));
        assertEquals("\u00e9", quotedPrintable("=e9"));
        assertEquals("=zz=4 ==", quotedPrintable("=zz=4 =3D=3D"));
        assertEquals("=4=", quotedPrintable("=4=3D"));
        assertEquals("a", quotedPrintable("a="));
    }

    @Test
    void otherEncodingsLeaveTheOctetsAlone() {
        for (TransferEncoding encoding : TransferEncoding.values()) {
            if (encoding != TransferEncoding.BASE64 && encoding != TransferEncoding.QUOTED_PRINTABLE) {
                assertEquals("=3D\0\u00ff", decode(encoding, "=3D\0\u00ff"));
            }
        }
    }
}
