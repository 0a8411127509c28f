package io.postrider.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text beyond ASCII in header fields. RFC 2047 */
final class EncodedWords {
    /** An encoded word has at most 75 characters, so this many octets fit in base64. RFC 2047 §2 */
    private static final int OCTETS_IN_A_WORD = 45;

    private EncodedWords() {}

    /**
     * Decodes every encoded word, also those inside a longer word or with white space in them, which the RFC does not
     * allow and senders write. What cannot be decoded stays as it is.
     */
    static String decode(String text) {
        int word = text.indexOf("=?");
        return word < 0 ? text : new Decoder(text).decode(word);
    }

    /** Makes text 7-bit: encodes each word beyond ASCII, leaves the others. */
    static String encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return encodeWords(text);
            }
        }
        return text;
    }

    private static String encodeWords(String text) {
        StringBuilder encoded = new StringBuilder(text.length() * 2);
        int at = 0;
        boolean behindEncodedWord = false;
        while (at < text.length()) {
            int wordStart = skipSpace(text, at);
            int wordEnd = skipWord(text, wordStart);
            if (isAscii(text, wordStart, wordEnd)) {
                encoded.append(text, at, wordEnd);
                behindEncodedWord = text.startsWith("=?", wordStart) && text.startsWith("?=", wordEnd - 2);
                at = wordEnd;
                continue;
            }
            int runEnd = endOfRun(text, wordEnd);
            // White space between two encoded words is not shown, so it must be within one. RFC 2047 §6.2
            int from = behindEncodedWord ? at : wordStart;
            encoded.append(text, at, behindEncodedWord && wordStart > at ? at + 1 : wordStart);
            appendEncoded(encoded, text.substring(from, runEnd));
            behindEncodedWord = true;
            at = runEnd;
        }
        return encoded.toString();
    }

    /** Words beyond ASCII that follow each other are encoded together. */
    private static int endOfRun(String text, int wordEnd) {
        int end = wordEnd;
        while (end < text.length()) {
            int nextStart = skipSpace(text, end);
            int nextEnd = skipWord(text, nextStart);
            if (isAscii(text, nextStart, nextEnd)) {
                return text.startsWith("=?", nextStart) ? nextStart : end;
            }
            end = nextEnd;
        }
        return end;
    }

    private static void appendEncoded(StringBuilder encoded, String text) {
        int start = 0;
        int octets = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int width = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (octets + width > OCTETS_IN_A_WORD) {
                appendWord(encoded, text.substring(start, i));
                encoded.append(' ');
                start = i;
                octets = 0;
            }
            octets += width;
            i += Character.charCount(codePoint);
        }
        appendWord(encoded, text.substring(start));
        if (Character.isWhitespace(text.charAt(text.length() - 1))) {
            encoded.append(' ');
        }
    }

    private static void appendWord(StringBuilder encoded, String text) {
        encoded.append("=?utf-8?B?")
                .append(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .append("?=");
    }

    private static int skipSpace(String text, int from) {
        int i = from;
        while (i < text.length() && isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int skipWord(String text, int from) {
        int i = from;
        while (i < text.length() && !isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isAscii(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** One pass; joins the octets of neighbouring words of one charset, since senders cut characters in two. */
    private static final class Decoder {
        private final String text;
        private final StringBuilder decoded;
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private String charset;
        private String wordCharset;
        private char wordEncoding;
        private int wordTextStart;
        private int wordTextEnd;

        Decoder(String text) {
            this.text = text;
            this.decoded = new StringBuilder(text.length());
        }

        String decode(int firstWord) {
            int at = 0;
            int word = firstWord;
            while (word >= 0) {
                if (!readWord(word)) {
                    word = text.indexOf("=?", word + 1);
                    continue;
                }
                boolean neighbours = charset != null && skipSpace(text, at) == word;
                if (!neighbours) {
                    flush();
                    decoded.append(text, at, word);
                } else if (!charset.equalsIgnoreCase(wordCharset)) {
                    flush();
                }
                charset = wordCharset;
                decodeWord();
                at = wordTextEnd + 2;
                word = text.indexOf("=?", at);
            }
            flush();
            return decoded.append(text, at, text.length()).toString();
        }

        /** Reads {@code =?charset?encoding?text?=}; RFC 2231 §5 allows {@code charset*language}. */
        private boolean readWord(int at) {
            int charsetEnd = text.indexOf('?', at + 2);
            if (charsetEnd < 0 || charsetEnd + 2 >= text.length() || text.charAt(charsetEnd + 2) != '?') {
                return false;
            }
            wordEncoding = Character.toLowerCase(text.charAt(charsetEnd + 1));
            wordTextStart = charsetEnd + 3;
            wordTextEnd = text.indexOf('?', wordTextStart);
            if (wordTextEnd < 0 || !text.startsWith("?=", wordTextEnd) || wordEncoding != 'b' && wordEncoding != 'q') {
                return false;
            }
            String name = text.substring(at + 2, charsetEnd);
            int language = name.indexOf('*');
            wordCharset = language < 0 ? name : name.substring(0, language);
            return true;
        }

        private void decodeWord() {
            byte[] encoded = text.substring(wordTextStart, wordTextEnd).getBytes(StandardCharsets.UTF_8);
            if (wordEncoding == 'b') {
                byte[] plain = new byte[encoded.length];
                octets.write(plain, 0, new TransferDecoder.Base64().decode(encoded, 0, encoded.length, plain, 0));
            } else {
                decodeQ(encoded);
            }
        }

        private void decodeQ(byte[] encoded) {
            for (int i = 0; i < encoded.length; i++) {
                if (encoded[i] == '='
                        && i + 2 < encoded.length
                        && hex(encoded[i + 1]) >= 0
                        && hex(encoded[i + 2]) >= 0) {
                    octets.write(hex(encoded[i + 1]) << 4 | hex(encoded[i + 2]));
                    i += 2;
                } else {
                    octets.write(encoded[i] == '_' ? ' ' : encoded[i]);
                }
            }
        }

        private void flush() {
            if (octets.size() > 0) {
                Charset known = Charsets.named(charset);
                byte[] collected = octets.toByteArray();
                decoded.append(
                        known == null
                                ? Charsets.decodeUnlabelled(collected, 0, collected.length)
                                : new String(collected, known));
                octets.reset();
            }
            charset = null;
        }
    }

    static int hex(int octet) {
        return Character.digit(octet, 16);
    }
}
