package io.postrider.message;

import io.postrider.message.Part.TransferEncoding;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes the text parts of one message, one after another, from their octets to the characters that are searched. */
final class TextReader {
    private static final int PIECE = 4096;

    private final DecodedText text;
    private final ByteBuffer octets = ByteBuffer.allocate(PIECE + TransferDecoder.HELD_BACK + 16);
    private final CharBuffer characters = CharBuffer.allocate(PIECE);
    private final Characters piece = new Characters(PIECE);
    private TransferDecoder transfer;
    private CharsetDecoder charset;
    private boolean labelled;
    private HtmlText html;
    private boolean behindCarriageReturn;

    TextReader(DecodedText text) {
        this.text = text;
    }

    boolean isOpen() {
        return transfer != null;
    }

    /** @param charset null when it is unknown: then UTF-8, and windows-1252 for what is not */
    void open(TransferEncoding encoding, Charset charset, boolean isHtml, boolean shown) {
        text.beginPart(isHtml, shown);
        if (text.isFull()) {
            return;
        }
        transfer = TransferDecoder.of(encoding);
        labelled = charset != null;
        this.charset = (labelled ? charset : StandardCharsets.UTF_8)
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        octets.clear();
        behindCarriageReturn = false;
        html = isHtml ? new HtmlText(piece) : null;
    }

    void write(byte[] encoded, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end && transfer != null; ) {
            int count = Math.min(PIECE, end - i);
            int decoded = transfer.decode(encoded, i, count, octets.array(), octets.position());
            octets.position(octets.position() + decoded);
            i += count;
            decode(false);
            if (text.isFull()) {
                transfer = null;
            }
        }
    }

    void close() {
        if (transfer == null) {
            return;
        }
        decode(true);
        if (html == null) {
            piece.append('\n');
        } else {
            html.end();
        }
        pass();
        transfer = null;
    }

    private void decode(boolean last) {
        octets.flip();
        while (true) {
            CoderResult result = charset.decode(octets, characters, last);
            if (result.isError()) {
                replace(result.length());
            }
            drain();
            if (result.isUnderflow()) {
                break;
            }
        }
        octets.compact();
    }

    private void replace(int count) {
        for (int i = 0; i < count; i++) {
            byte octet = octets.get();
            if (characters.remaining() == 0) {
                drain();
            }
            characters.put(labelled ? '\uFFFD' : new String(new byte[] {octet}, Charsets.WINDOWS_1252).charAt(0));
        }
    }

    private void drain() {
        if (html == null) {
            appendLines();
        } else {
            html.write(characters.array(), characters.position());
        }
        characters.clear();
        pass();
    }

    /** CRLF, bare LF and bare CR alike become one line feed. */
    private void appendLines() {
        char[] decoded = characters.array();
        int kept = 0;
        for (int i = 0; i < characters.position(); i++) {
            char c = decoded[i];
            if (c != '\n' || !behindCarriageReturn) {
                decoded[kept++] = c == '\r' ? '\n' : c;
            }
            behindCarriageReturn = c == '\r';
        }
        piece.append(decoded, kept);
    }

    private void pass() {
        text.append(piece);
        piece.clear();
    }
}
