package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.junit.jupiter.api.Test;

/** Apache James mime4j takes well-formed messages apart into the same leaves, octet for octet. */
class SecondOpinionTest {
    private static final int ROUNDS = 2000;

    private final Random random = new Random(2046);
    private int boundaries;

    @Test
    void anotherParserFindsTheSameParts() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            boundaries = 0;
            String message = "From: a@example.com\r\nMIME-Version: 1.0\r\n" + entity(0);
            byte[] octets = Parsing.octets(message);
            ParsedMessage parsed = Parsing.parse(octets, ParserLimits.DEFAULT);
            Invariants.check(octets, parsed, ParserLimits.DEFAULT);
            List<String> ours = new ArrayList<>();
            leaves(parsed.structure().root(), message.substring(parsed.header().length), ours);
            assertEquals(mime4jLeaves(octets), ours, message);
        }
    }

    private static void leaves(Part part, String body, List<String> leaves) {
        if (part.kind() == Part.Kind.LEAF) {
            leaves.add(body.substring((int) part.bodyOffset(), (int) (part.bodyOffset() + part.bodyLength())));
        }
        part.children().forEach(child -> leaves(child, body, leaves));
    }

    private static List<String> mime4jLeaves(byte[] message) throws Exception {
        List<String> leaves = new ArrayList<>();
        MimeTokenStream tokens =
                new MimeTokenStream(MimeConfig.custom().setMaxLineLen(-1).build());
        tokens.parse(new ByteArrayInputStream(message));
        for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
            if (state == EntityState.T_BODY) {
                leaves.add(Parsing.text(tokens.getInputStream().readAllBytes()));
            }
        }
        return leaves;
    }

    private String entity(int depth) {
        int kind = depth > 4 ? 0 : random.nextInt(4);
        return switch (kind) {
            case 1, 2 -> multipart(depth);
            case 3 -> "Content-Type: message/rfc822\r\n\r\nSubject: within\r\n" + entity(depth + 1);
            default -> "Content-Type: text/plain\r\n\r\n" + lines();
        };
    }

    /** Inner boundaries often begin as outer ones do. */
    private String multipart(int depth) {
        String boundary = "=_b" + "x".repeat(boundaries++);
        StringBuilder multipart =
                new StringBuilder("Content-Type: multipart/mixed;\r\n boundary=\"" + boundary + "\"\r\n\r\n" + lines());
        for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
            multipart.append("\r\n--").append(boundary).append(random.nextInt(5) == 0 ? " \t\r\n" : "\r\n");
            multipart.append(entity(depth + 1));
        }
        return multipart
                .append("\r\n--")
                .append(boundary)
                .append("--\r\n")
                .append(lines())
                .toString();
    }

    private String lines() {
        StringBuilder lines = new StringBuilder();
        for (int count = random.nextInt(4); count > 0; count--) {
            lines.append(List.of("a line", "", "--", "-- ", "--no delimiter", "- list", "=_b")
                    .get(random.nextInt(7)));
            lines.append(count == 1 && random.nextBoolean() ? "" : "\r\n");
        }
        return lines.toString();
    }
}
