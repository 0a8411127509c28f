package io.postrider.message;

import io.postrider.message.Part.TransferEncoding;
import java.util.Arrays;

/**
 * Undoes a content transfer encoding piece by piece; the pieces may be cut anywhere. RFC 2045 §6
 *
 * <p>Never fails: what is not of the encoding is left out (base64) or left as it is (quoted-printable). Not safe for
 * several threads.
 */
public abstract class TransferDecoder {
    /** At most this many octets come out beyond as many as went in: those held back from the piece before. */
    public static final int HELD_BACK = 3;

    private TransferDecoder() {}

    /** A decoder for one part; other encodings than base64 and quoted-printable leave the octets as they are. */
    public static TransferDecoder of(TransferEncoding encoding) {
        return switch (encoding) {
            case BASE64 -> new Base64();
            case QUOTED_PRINTABLE -> new QuotedPrintable();
            default -> new Identity();
        };
    }

    /**
     * Decodes a piece.
     *
     * @param out has room for {@code length} octets and {@link #HELD_BACK} more from {@code outOffset}
     * @return how many octets came out
     */
    public abstract int decode(byte[] in, int offset, int length, byte[] out, int outOffset);

    private static final class Identity extends TransferDecoder {
        @Override
        public int decode(byte[] in, int offset, int length, byte[] out, int outOffset) {
            System.arraycopy(in, offset, out, outOffset, length);
            return length;
        }
    }

    /** Octets outside the alphabet are skipped; padding starts afresh, since some senders join encoded pieces. */
    static final class Base64 extends TransferDecoder {
        private static final byte[] VALUES = new byte[256];

        static {
            Arrays.fill(VALUES, (byte) -1);
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            for (int i = 0; i < alphabet.length(); i++) {
                VALUES[alphabet.charAt(i)] = (byte) i;
            }
        }

        private int bits;
        private int bitCount;

        @Override
        public int decode(byte[] in, int offset, int length, byte[] out, int outOffset) {
            int at = outOffset;
            for (int i = offset; i < offset + length; i++) {
                int value = VALUES[in[i] & 0xFF];
                if (value >= 0) {
                    bits = bits << 6 | value;
                    bitCount += 6;
                    if (bitCount >= 8) {
                        bitCount -= 8;
                        out[at++] = (byte) (bits >>> bitCount);
                    }
                } else if (in[i] == '=') {
                    bitCount = 0;
                }
            }
            return at - outOffset;
        }
    }

    private static final class QuotedPrintable extends TransferDecoder {
        /** What is held back: nothing, "=", "=" and a digit, or "=" and white space on the way to a line end. */
        private enum Held {
            NOTHING,
            EQUALS,
            DIGIT,
            SPACE
        }

        private Held held = Held.NOTHING;
        private byte heldOctet;

        @Override
        public int decode(byte[] in, int offset, int length, byte[] out, int outOffset) {
            int at = outOffset;
            for (int i = offset; i < offset + length; i++) {
                byte octet = in[i];
                if (held == Held.NOTHING) {
                    if (octet == '=') {
                        held = Held.EQUALS;
                    } else {
                        out[at++] = octet;
                    }
                } else {
                    at = afterEquals(octet, out, at);
                }
            }
            return at - outOffset;
        }

        private int afterEquals(byte octet, byte[] out, int from) {
            int at = from;
            if (held == Held.DIGIT) {
                held = Held.NOTHING;
                if (EncodedWords.hex(octet) >= 0) {
                    out[at++] = (byte) (EncodedWords.hex(heldOctet) << 4 | EncodedWords.hex(octet));
                    return at;
                }
                out[at++] = '=';
                out[at++] = heldOctet;
                return plain(octet, out, at);
            }
            if (octet == '\n') {
                held = Held.NOTHING;
            } else if (octet == ' ' || octet == '\t' || octet == '\r') {
                held = Held.SPACE;
            } else if (held == Held.EQUALS && EncodedWords.hex(octet) >= 0) {
                held = Held.DIGIT;
                heldOctet = octet;
            } else {
                held = Held.NOTHING;
                out[at++] = '=';
                return plain(octet, out, at);
            }
            return at;
        }

        private int plain(byte octet, byte[] out, int at) {
            if (octet == '=') {
                held = Held.EQUALS;
                return at;
            }
            out[at] = octet;
            return at + 1;
        }
    }
}
