package io.postrider.benchmarks;

import io.postrider.testkit.MessageGenerator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Messages made once: making them is not what is measured. */
record Messages(List<byte[]> all) {
    private static final int DIFFERENT = 64;
    private static final int SMALL = 4096;
    private static final int MIDDLING = 20_480;

    /** 4 KB of text and 20 KB with an attachment in turn. */
    static Messages mixed() {
        MessageGenerator generator = new MessageGenerator(1);
        return of(i -> i % 2 == 0 ? generator.text(SMALL) : generator.multipart(MIDDLING));
    }

    /** 4 KB of text. */
    static Messages small() {
        MessageGenerator generator = new MessageGenerator(2);
        return of(i -> generator.text(SMALL));
    }

    /** 20 KB with an attachment. */
    static Messages middling() {
        MessageGenerator generator = new MessageGenerator(3);
        return of(i -> generator.multipart(MIDDLING));
    }

    /** One with an attachment of about so many octets. */
    static byte[] large(int octets) {
        return new MessageGenerator(4).multipart(octets);
    }

    Messages map(UnaryOperator<byte[]> change) {
        return new Messages(all.stream().map(change).toList());
    }

    byte[] get(long n) {
        return all.get((int) (n % all.size()));
    }

    /** So many from the n-th on. */
    byte[][] some(long n, int count) {
        return IntStream.range(0, count).mapToObj(i -> get(n + i)).toArray(byte[][]::new);
    }

    private static Messages of(java.util.function.IntFunction<byte[]> make) {
        return new Messages(IntStream.range(0, DIFFERENT).mapToObj(make).toList());
    }
}
