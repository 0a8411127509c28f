package io.postrider.server.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KustomizeTest {
    /** The first whose kustomize takes directories as resources, and patches with a target, is 1.21. */
    private static final int OLDEST_MINOR = 21;

    static Stream<Path> applied() {
        return Manifests.APPLIED.stream();
    }

    @ParameterizedTest
    @MethodSource("applied")
    void whatIsTestedHereIsWhatKubectlRenders(Path directory) throws IOException, InterruptedException {
        assumeTrue(kubectlIsHere(), "no kubectl of 1.21 or later: not compared");
        Map<String, ObjectNode> expected = byName(Yaml.all(output("kubectl", "kustomize", directory.toString())));
        Map<String, ObjectNode> rendered = byName(Kustomize.render(directory));
        assertEquals(expected.keySet(), rendered.keySet());
        expected.forEach((name, resource) -> assertEquals(resource, rendered.get(name)));
    }

    @Test
    void everyFileIsNamedByAKustomization() throws IOException {
        Set<Path> named = new TreeSet<>();
        Set<Path> there = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Manifests.ROOT)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.endsWith("kustomization.yaml")) {
                    named.addAll(Kustomize.named(file.getParent()));
                } else if (file.toString().endsWith(".yaml")) {
                    there.add(file);
                }
            }
        }
        named.removeIf(Files::isDirectory);
        assertEquals(named, there);
        assertTrue(there.size() > 10, "the files are elsewhere");
    }

    private static Map<String, ObjectNode> byName(List<ObjectNode> resources) {
        return resources.stream()
                .collect(Collectors.toMap(
                        resource -> resource.get("kind").asText() + " "
                                + resource.at("/metadata/name").asText(),
                        Function.identity(),
                        (a, b) -> {
                            throw new IllegalArgumentException("twice: " + a);
                        },
                        TreeMap::new));
    }

    private static boolean kubectlIsHere() throws InterruptedException {
        try {
            String minor = output("kubectl", "version", "--client", "-o", "json")
                    .replaceAll("(?s).*?\"minor\": \"(\\d+).*", "$1");
            return Integer.parseInt(minor) >= OLDEST_MINOR;
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), () -> String.join(" ", command));
        return output;
    }
}
