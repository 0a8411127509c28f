package io.postrider.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What a fuzzer made up, cut in pieces: octets mean the same however they come. */
public final class Cut {
    private Cut() {}

    /** Reads what is behind the first octet, which says how it is cut, all at once and then piece by piece. */
    public static <T> void alike(byte[] input, Function<List<byte[]>, T> read) {
        if (input.length == 0) {
            return;
        }
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        List<byte[]> pieces = new ArrayList<>();
        int size = 1 + (input[0] & 0x1F);
        for (int at = 0; at < octets.length; at += size) {
            pieces.add(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + size)));
        }
        assertEquals(read.apply(List.of(octets)), read.apply(pieces));
    }
}
