package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Messages as they are met, in {@code hard/}, each with what is made of it beside it. */
class HardMessagesTest {
    @TestFactory
    List<DynamicTest> eachIsUnderstoodAsWritten() throws IOException, URISyntaxException {
        Path hard = Path.of(HardMessagesTest.class.getResource("hard").toURI());
        try (Stream<Path> files = Files.list(hard)) {
            List<DynamicTest> tests = files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)))
                    .collect(Collectors.toList());
            assertEquals(22, tests.size());
            return tests;
        }
    }

    private static void check(Path file) throws IOException {
        byte[] message = Files.readAllBytes(file);
        ParsedMessage parsed = Parsing.parseCutEverywhere(message, ParserLimits.DEFAULT);
        Invariants.check(message, parsed, ParserLimits.DEFAULT);
        Path expected = file.resolveSibling(file.getFileName().toString().replace(".eml", ".expected"));
        assertEquals(read(expected), summary(parsed));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String summary(ParsedMessage parsed) {
        return "ENVELOPE " + Parsing.text(parsed.envelope())
                + "\nBODYSTRUCTURE " + Parsing.text(parsed.bodyStructure())
                + "\nsubject " + parsed.sortKeys().baseSubject()
                + "\nfrom " + parsed.sortKeys().fromDisplay()
                + "\nreferences " + parsed.messageId() + parsed.references()
                + "\npreview " + parsed.preview()
                + "\nsearch " + parsed.searchText().replace("\n", "|")
                + "\n";
    }
}
