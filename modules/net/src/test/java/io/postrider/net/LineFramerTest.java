package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFramerTest {
    private static final int MAX_LINE = 20;
    private static final String TOO_LONG = "<too long>";

    private final List<String> heard = new ArrayList<>();
    private final LineFramer framer = new LineFramer(MAX_LINE, new LineFramer.Sink() {
        @Override
        public void line(byte[] line) {
            String text = text(line);
            heard.add(text);
            if (text.equals("stop")) {
                framer().stop();
            } else if (text.equals("rest")) {
                heard.add("rest:" + text(framer().takeRest().getBytes()));
            }
        }

        @Override
        public void lineTooLong() {
            heard.add(TOO_LONG);
        }
    });

    @Test
    void aLineEndsWithLfOrCrlf() {
        feed("NOOP\r\nQUIT\n\r\n\na\rb\r\nunfinished");
        assertEquals(List.of("NOOP", "QUIT", "", "", "a\rb"), heard);
        assertEquals("unfinished".length(), framer.unread());
    }

    @Test
    void theBoundIncludesTheEndOfTheLine() {
        feed("a".repeat(MAX_LINE - 2) + "\r\n");
        feed("b".repeat(MAX_LINE - 1) + "\n");
        feed("c".repeat(MAX_LINE - 1) + "\r\n");
        feed("d".repeat(MAX_LINE) + "\n");
        assertEquals(List.of("a".repeat(MAX_LINE - 2), "b".repeat(MAX_LINE - 1), TOO_LONG, TOO_LONG), heard);
    }

    @Test
    void aLineWithoutEndIsReportedOnceAndNotKept() {
        for (int i = 0; i < 10_000; i++) {
            feed("x".repeat(1000));
            assertEquals(0, framer.unread());
        }
        feed("\r\nNOOP\r\n");
        assertEquals(List.of(TOO_LONG, "NOOP"), heard);
    }

    @Test
    void cutAnywhereItIsTheSame() {
        String octets =
                "USER a\r\nPASS b\nRETR 1\r\n\r\n" + "x".repeat(30) + "\r\n" + "y".repeat(18) + "\r\nz\rz\r\nQUIT\r\n";
        feed(octets);
        List<String> whole = List.copyOf(heard);
        for (int first = 0; first <= octets.length(); first++) {
            for (int second = first; second <= octets.length(); second += 7) {
                heard.clear();
                feed(octets.substring(0, first));
                feed(octets.substring(first, second));
                feed(octets.substring(second));
                assertEquals(whole, heard, "cut at " + first + " and " + second);
                assertEquals(0, framer.unread());
            }
        }
        heard.clear();
        octets.chars().forEach(c -> feed(String.valueOf((char) c)));
        assertEquals(whole, heard);
    }

    @Test
    void stoppedItKeepsWhatComesUntilItGoesOn() {
        feed("one\nstop\ntwo\nth");
        assertEquals(List.of("one", "stop"), heard);
        feed("ree\nfo");
        assertEquals("two\nthree\nfo".length(), framer.unread());
        framer.go();
        assertEquals(List.of("one", "stop", "two", "three"), heard);
        feed("ur\n");
        assertEquals("four", heard.get(4));
    }

    @Test
    void theRestIsForWhoReadsSomethingElse() {
        feed("DATA\nrest\nSubject: no line of ours\n\n.");
        assertEquals(List.of("DATA", "rest", "rest:Subject: no line of ours\n\n."), heard);
        assertEquals(0, framer.unread());
        feed("NOOP\n");
        assertEquals("NOOP", heard.get(3));
    }

    @Test
    void nonsenseCutAnywhereIsFramedAlike() {
        Random random = new Random(2033);
        for (int round = 0; round < 500; round++) {
            byte[] nonsense = new byte[random.nextInt(300)];
            for (int i = 0; i < nonsense.length; i++) {
                int kind = random.nextInt(10);
                nonsense[i] = kind == 0 ? (byte) '\n' : kind == 1 ? (byte) '\r' : (byte) random.nextInt(256);
            }
            heard.clear();
            feed(text(nonsense) + "\n");
            List<String> whole = List.copyOf(heard);
            heard.clear();
            for (int at = 0; at < nonsense.length; ) {
                int length = Math.min(nonsense.length - at, 1 + random.nextInt(10));
                framer.feed(Buffer.buffer().appendBytes(nonsense, at, length));
                at += length;
            }
            feed("\n");
            assertEquals(whole, heard);
        }
    }

    @Test
    void lookingForAnEndTakesLinearTime() {
        LineFramer large = new LineFramer(8_000_000, new LineFramer.Sink() {
            @Override
            public void line(byte[] line) {
                heard.add(String.valueOf(line.length));
            }

            @Override
            public void lineTooLong() {
                heard.add(TOO_LONG);
            }
        });
        long before = System.nanoTime();
        Buffer few = Buffer.buffer("0123456789");
        for (int i = 0; i < 700_000; i++) {
            large.feed(few);
        }
        large.feed(Buffer.buffer("\n" + "x\n".repeat(1_000_000)));
        assertEquals("7000000", heard.get(0));
        assertEquals(1_000_001, heard.size());
        assertTrue(System.nanoTime() - before < 60_000_000_000L, "quadratic it would take minutes");
    }

    private LineFramer framer() {
        return framer;
    }

    private void feed(String octets) {
        framer.feed(Buffer.buffer(octets.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
