package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

/** Fuzzed: any octets are a message, understood alike however they are cut. {@code benchmarks/fuzz} runs it. */
public final class MessageFuzz {
    private static final ParserLimits TIGHT = new ParserLimits(120, 60, 5, 2, 50);

    private MessageFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        // The first octet says how it is parsed.
        ParserLimits limits = (input[0] & 1) == 0 ? ParserLimits.DEFAULT : TIGHT;
        byte[] message = Arrays.copyOfRange(input, 1, input.length);
        ParsedMessage whole = Parsing.parse(message, limits);
        Invariants.check(message, whole, limits);
        int piece = 1 + (input[0] >> 1 & 0x1F);
        MessageParser inPieces = new MessageParser(limits);
        for (int at = 0; at < message.length; at += piece) {
            inPieces.feed(message, at, Math.min(piece, message.length - at));
        }
        assertEquals(Parsing.describe(whole), Parsing.describe(inPieces.finish()));
    }
}
