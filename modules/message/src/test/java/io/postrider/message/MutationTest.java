package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages broken at random; the seed is fixed, and a failure names its round. */
class MutationTest {
    private static final int ROUNDS = 6000;

    private static final ParserLimits TIGHT = new ParserLimits(120, 60, 5, 2, 50);

    private static final String SEED_MESSAGE = """
            From: "Ann \\"A\\" B" <ann@example.com>, team: bob@example.org, Carl <@relay:c@example.net>;
            To: undisclosed-recipients:;
            Subject: Re: [list] =?iso-8859-1?Q?caf=E9?= =?utf-8?B?w6k=?= plain
            Date: Sat, 21 Nov 2026 10:00:00 +0100 (CET)
            Message-ID: <"a b"@example.com>
            References: <1@x> <2@x>
            Content-Type: multipart/mixed; boundary="b"

            --b
            Content-Type: multipart/alternative; boundary="bb"

            --bb
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Gr=C3=BC=C3=9Fe =
            soft
            --bb
            Content-Type: text/html; charset=windows-1252; name*0*=utf-8''a; name*1=b
            Content-Transfer-Encoding: base64
            Content-Language: de, en
            Content-Disposition: inline; filename="x y.html"

            PHA+Y2Fm6SZuYnNwOzwvcD4=
            --bb--
            --b
            Content-Type: message/rfc822

            From: (comment) old@example.com (Old)
            Content-Type: multipart/digest; boundary=d

            --d

            Subject: in the digest

            text
            --d--
            --b--
            epilogue
            """.replace("\n", "\r\n");

    private static final List<String> PIECES = List.of(
            "\r\n",
            "\n",
            "\r",
            "\0",
            "\u00ff",
            "\u00c3\u00a4",
            "--b",
            "--b--",
            "\r\n--b\r\n",
            "\r\n--bb\r\n",
            "\r\n--bb--\r\n",
            "--d",
            "\r\n\r\n",
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
            "Content-Type: message/rfc822\r\n\r\n",
            "Content-Type: text/html\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "=?utf-8?B?",
            "?=",
            "=?x?q?=ff?=",
            "=",
            "\"",
            "\\",
            "(",
            ")",
            "<",
            ">",
            ",",
            ";",
            ":",
            "@",
            "[",
            "]",
            "<!--",
            "<script>",
            "&#x1F600;",
            "&#0;",
            "&#xd800;",
            " ",
            "\t",
            "\r\n ",
            "From: ",
            "To: ",
            "Subject: ",
            "Date: ",
            "References: ",
            "=00",
            "=ed=a0=80",
            "\u001b$B");

    private final Random random = new Random(3501);

    @Test
    void aBrokenMessageIsStillUnderstoodAsFarAsItGoes() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = Parsing.octets(mutated());
            ParserLimits limits = random.nextInt(4) == 0 ? TIGHT : ParserLimits.DEFAULT;
            try {
                check(message, limits);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("round " + round + ":\n" + Parsing.text(message), failure);
            }
        }
    }

    @Test
    void randomOctetsAreAMessageToo() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = new byte[random.nextInt(400)];
            random.nextBytes(message);
            check(message, ParserLimits.DEFAULT);
        }
    }

    private void check(byte[] message, ParserLimits limits) {
        ParsedMessage parsed = Parsing.parse(message, limits);
        Invariants.check(message, parsed, limits);
        assertEquals(Parsing.describe(parsed), Parsing.describe(parseInPieces(message, limits)));
    }

    private ParsedMessage parseInPieces(byte[] message, ParserLimits limits) {
        MessageParser parser = new MessageParser(limits);
        int at = 0;
        while (at < message.length) {
            int length = Math.min(message.length - at, random.nextInt(random.nextBoolean() ? 4 : 100));
            parser.feed(message, at, length);
            at += length;
        }
        return parser.finish();
    }

    private String mutated() {
        StringBuilder message = new StringBuilder(SEED_MESSAGE);
        for (int changes = 1 + random.nextInt(12); changes > 0; changes--) {
            int at = random.nextInt(message.length() + 1);
            int end = Math.min(message.length(), at + random.nextInt(40));
            switch (random.nextInt(5)) {
                case 0 -> message.delete(at, end);
                case 1 -> message.insert(random.nextInt(message.length() + 1), message.substring(at, end));
                case 2 -> message.setLength(random.nextInt(6) == 0 ? at : message.length());
                default -> message.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        return message.toString();
    }
}
