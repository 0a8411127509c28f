package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.imap.Framed.Begun;
import io.postrider.imap.Framed.Unreadable;
import io.postrider.imap.Framed.Whole;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each conversation is fed whole, cut in two at every octet, and octet by octet. */
class CommandFramerTest {
    private static final ImapLimits LIMITS = ImapLimits.DEFAULT;

    /** Keeps and streams whatever it is asked about, and writes down what it saw. */
    private static final class Recorder implements CommandFramer.Sink {
        final List<String> seen = new ArrayList<>();
        final CommandFramer framer = new CommandFramer(
                LIMITS, (octets, continuing) -> continuing || text(octets).contains("APPEND"), this);
        boolean refusing;

        @Override
        public void framed(Framed framed) {
            if (framed instanceof Whole whole) {
                seen.add(text(whole.octets()));
            } else if (framed instanceof Begun begun) {
                seen.add((begun.streams() ? "message? " : "literal? ") + text(begun.octets()));
                if (refusing) {
                    framer.abandon();
                } else if (begun.streams()) {
                    StringBuilder message = new StringBuilder();
                    framer.stream(slice -> {
                                message.append(slice.toString(StandardCharsets.ISO_8859_1));
                                return Future.succeededFuture();
                            })
                            .onSuccess(done -> seen.add("message: " + message));
                } else {
                    framer.keep();
                }
            } else if (framed instanceof Unreadable unreadable) {
                seen.add(unreadable.tag() + " " + unreadable.condition() + " " + unreadable.code()
                        + (unreadable.last() ? " last" : ""));
            }
        }

        @Override
        public void advanced() {}

        @Override
        public void broke(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    @Test
    void linesEndInCrLfOrBareLf() {
        assertFramed("a NOOP\r\nb NOOP\n\r\n\nc NOOP\r\n", "a NOOP", "b NOOP", "", "", "c NOOP");
    }

    @Test
    void aSynchronisingLiteralWaitsForLeave() {
        assertFramed(
                "a LOGIN {5}\r\nalice {6}\r\nse\r\net\r\nb NOOP\r\n",
                "literal? a LOGIN {5}",
                "literal? a LOGIN {5}\r\nalice {6}",
                "a LOGIN {5}\r\nalice {6}\r\nse\r\net",
                "b NOOP");
    }

    @Test
    void aNonSynchronisingLiteralIsPartOfTheCommand() {
        assertFramed("a LOGIN {5+}\r\nalice {3+}\n{1}\r\nb NOOP\n", "a LOGIN {5+}\r\nalice {3+}\n{1}", "b NOOP");
    }

    @Test
    void anEmptyLiteralIsALiteral() {
        assertFramed("a LOGIN {0+}\r\n {0}\r\n\r\n", "literal? a LOGIN {0+}\r\n {0}", "a LOGIN {0+}\r\n {0}\r\n");
    }

    @Test
    void bracesWithinALineAreNoLiteral() {
        assertFramed(
                "a SEARCH SUBJECT \"{3}\"\r\nb {}\r\nc {+}\r\nd {x}\r\n",
                "a SEARCH SUBJECT \"{3}\"", "b {}", "c {+}", "d {x}");
    }

    @Test
    void aMessageStreamsAndItsCommandGoesOn() {
        assertFramed(
                "a APPEND x {7}\r\nhi\r\nyou APPEND ~{3+}\r\n{9} (x)\r\nb NOOP\r\n",
                "message? a APPEND x {7}",
                "message: hi\r\nyou",
                "message?  APPEND ~{3+}",
                "message: {9}",
                " (x)",
                "b NOOP");
    }

    @Test
    void anEmptyMessageStreamsNothing() {
        assertFramed("a APPEND x {0+}\r\n\r\nb NOOP\r\n", "message? a APPEND x {0+}", "message: ", "", "b NOOP");
    }

    @Test
    void aRefusedSynchronisingMessageNeverComes() {
        assertFramed(true, "a APPEND x {7}\r\nb NOOP\r\n", "message? a APPEND x {7}", "b NOOP");
    }

    @Test
    void aRefusedMessageThatComesAnywayGoesBy() {
        assertFramed(
                true,
                "a APPEND x {7+}\r\nb\r\nNOOP {4+}\r\nc {1 {3+}\r\nd\r\nrest\r\ne NOOP\r\n",
                "message? a APPEND x {7+}",
                "e NOOP");
    }

    @Test
    void aLiteralAtTheBoundIsKeptAndOneBeyondIsThrownAway() {
        int most = LIMITS.maxLiteralBeforeLogin();
        String large = "x".repeat(most);
        assertFramed("a ID {" + most + "+}\r\n" + large + "\r\n", "a ID {" + most + "+}\r\n" + large);
        assertFramed("a ID {" + (most + 1) + "+}\r\n" + large + "x {3+}\r\nabc\r\nb NOOP\r\n", "a NO TOOBIG", "b NOOP");
        assertFramed("a ID {" + (most + 1) + "}\r\nb NOOP\r\n", "a NO TOOBIG", "b NOOP");
    }

    @Test
    void absurdSizesNeitherOverflowNorWait() {
        assertFramed("a ID {4294967296}\r\nb NOOP\r\n", "a BAD ", "b NOOP");
        assertFramed("a ID {99999999999999999999}\r\nb NOOP\r\n", "a BAD ", "b NOOP");
        assertFramed("a APPEND {99999999999999999999}\r\nb NOOP\r\n", "a BAD ", "b NOOP");
        // What comes behind cannot be told from the literal: nothing more is framed.
        assertFramed("a ID {18446744073709551617+}\r\nb NOOP\r\n", "a BAD  last");
        assertFramed("a ID {0000000000000000000000001+}\r\nb\r\n", "a ID {0000000000000000000000001+}\r\nb");
    }

    @Test
    void aLineBeyondTheBoundIsSkippedToItsEnd() {
        int most = LIMITS.maxLineBeforeLogin();
        String fits = "a " + "x".repeat(most - 4) + "\r\n";
        assertFramed(fits, fits.strip());
        assertFramed("a " + "x".repeat(most) + " {3+}\r\nabc \r\nb NOOP\r\n", "a BAD ", "b NOOP");
        assertFramed("x".repeat(most) + "\nb NOOP\r\n", "* BAD ", "b NOOP");
    }

    @Test
    void aCommandHasOnlySoManyLiterals() {
        StringBuilder most = new StringBuilder("a ID");
        for (int i = 0; i < LIMITS.maxLiterals(); i++) {
            most.append(" {1+}\r\nx");
        }
        assertFramed(most + "\r\n", most.toString());
        assertFramed(most + " {1+}\r\nx {1+}\r\ny\r\nb NOOP\r\n", "a BAD ", "b NOOP");
    }

    @Test
    void aCommandHasOnlySoManyOctets() {
        Recorder recorder = new Recorder();
        recorder.framer.loggedIn(LIMITS);
        String literal = " {" + LIMITS.maxLiteral() + "+}\r\n" + "x".repeat(LIMITS.maxLiteral());
        recorder.framer.feed(Buffer.buffer("a ID" + literal.repeat(4) + "\r\nb NOOP\r\n"));
        assertEquals(List.of("a NO TOOBIG", "b NOOP"), recorder.seen);
    }

    @Test
    void noMoreOfAMessageIsGivenThanWasAsked() {
        Recorder recorder = new Recorder();
        List<Promise<Void>> slices = new ArrayList<>();
        CommandFramer[] framer = new CommandFramer[1];
        CommandFramer.Sink sink = new CommandFramer.Sink() {
            @Override
            public void framed(Framed framed) {
                if (framed instanceof Begun) {
                    framer[0].stream(slice -> {
                        slices.add(Promise.promise());
                        return slices.get(slices.size() - 1).future();
                    });
                } else {
                    recorder.framed(framed);
                }
            }

            @Override
            public void advanced() {
                recorder.seen.add("advanced");
            }

            @Override
            public void broke(Throwable cause) {
                throw new AssertionError(cause);
            }
        };
        framer[0] = new CommandFramer(LIMITS, (octets, continuing) -> true, sink);
        framer[0].feed(Buffer.buffer("a APPEND {6}\r\nabc"));
        framer[0].feed(Buffer.buffer("def\r\nb NOOP\r\n"));
        assertEquals(1, slices.size());
        assertTrue(framer[0].held() > 0);
        slices.get(0).complete();
        assertEquals(2, slices.size());
        slices.get(1).complete();
        assertEquals(List.of("advanced", "", "b NOOP", "advanced"), recorder.seen);
        assertEquals(0, framer[0].held());
    }

    @Test
    void whenTheTakerFailsTheRestGoesByOnceTheCommandHasHadItsReply() {
        List<String> seen = new ArrayList<>();
        CommandFramer[] framer = new CommandFramer[1];
        framer[0] = new CommandFramer(LIMITS, (octets, continuing) -> true, new CommandFramer.Sink() {
            @Override
            public void framed(Framed framed) {
                if (framed instanceof Begun) {
                    framer[0].stream(slice -> Future.failedFuture("disk full"))
                            .onFailure(failure -> seen.add(failure.getMessage()));
                } else if (framed instanceof Whole whole) {
                    seen.add(text(whole.octets()));
                }
            }

            @Override
            public void advanced() {}

            @Override
            public void broke(Throwable cause) {
                throw new AssertionError(cause);
            }
        });
        framer[0].feed(Buffer.buffer("a APPEND {6}\r\nabc"));
        framer[0].feed(Buffer.buffer("def {3+}\r\nxyz\r\nb NOOP\r\n"));
        assertEquals(List.of("disk full"), seen);
        framer[0].abandon();
        assertEquals(List.of("disk full", "b NOOP"), seen);
    }

    @Test
    void nothingIsFramedWhileStopped() {
        Recorder recorder = new Recorder();
        recorder.framer.stop();
        recorder.framer.feed(Buffer.buffer("a NOOP\r\nb NO"));
        recorder.framer.feed(Buffer.buffer("OP\r\n"));
        assertTrue(recorder.seen.isEmpty());
        assertEquals(16, recorder.framer.unread());
        recorder.framer.go();
        assertEquals(List.of("a NOOP", "b NOOP"), recorder.seen);
        assertEquals(0, recorder.framer.unread());
    }

    @Test
    void nonsenseIsFramedSomehowAndTheConnectionLives() {
        Random random = new Random(3501);
        String pieces = "a {}+~0123456789\r\n\"\\() APPEND\0\u00ff";
        for (int round = 0; round < 20_000; round++) {
            Recorder recorder = new Recorder();
            recorder.refusing = random.nextBoolean();
            StringBuilder nonsense = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                nonsense.append(random.nextInt(5) == 0 ? "{" + random.nextInt(12) + "+}\r\n" : "")
                        .append(pieces.charAt(random.nextInt(pieces.length())));
            }
            for (String piece : nonsense.toString().split("(?<=\\G.{7})", -1)) {
                recorder.framer.feed(Buffer.buffer(piece.getBytes(StandardCharsets.ISO_8859_1)));
            }
            assertEquals(0, recorder.framer.held());
        }
    }

    @Test
    void anIdleFramerHoldsNothing() {
        Recorder recorder = new Recorder();
        recorder.framer.feed(Buffer.buffer("a ID {4000+}\r\n" + "x".repeat(4000) + "\r\n"));
        assertEquals(0, recorder.framer.unread());
        assertFalse(recorder.seen.isEmpty());
    }

    /** imaplib and Jakarta Mail send a literal's octets and the CRLF behind it apart. */
    @Test
    void knowsThatOnlyTheRestOfTheLineBehindALiteralIsMissing() {
        for (String command : List.of("a APPEND x {5+}\r\n", "a LOGIN {5}\r\n", "a ID {5+}\r\n")) {
            Recorder recorder = new Recorder();
            recorder.framer.feed(Buffer.buffer(command));
            assertFalse(recorder.framer.isBehindLiteral(), command);
            recorder.framer.feed(Buffer.buffer("1234"));
            assertFalse(recorder.framer.isBehindLiteral(), command);
            recorder.framer.feed(Buffer.buffer("5"));
            assertTrue(recorder.framer.isBehindLiteral(), command);
            recorder.framer.feed(Buffer.buffer("\r\n"));
            assertFalse(recorder.framer.isBehindLiteral(), command);
        }
    }

    private static void assertFramed(String octets, String... expected) {
        assertFramed(false, octets, expected);
    }

    private static void assertFramed(boolean refusing, String octets, String... expected) {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        // Long ones are cut where it matters, at their ends; else this would take for ever.
        for (int cut = 0; cut <= bytes.length; cut = cut == 100 && bytes.length > 1000 ? bytes.length - 100 : cut + 1) {
            Recorder recorder = new Recorder();
            recorder.refusing = refusing;
            Buffer whole = Buffer.buffer(bytes);
            recorder.framer.feed(whole.getBuffer(0, cut));
            recorder.framer.feed(whole.getBuffer(cut, bytes.length));
            assertEquals(List.of(expected), recorder.seen, "cut at " + cut);
        }
        Recorder recorder = new Recorder();
        recorder.refusing = refusing;
        for (byte octet : bytes) {
            recorder.framer.feed(Buffer.buffer(new byte[] {octet}));
        }
        assertEquals(List.of(expected), recorder.seen, "octet by octet");
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
