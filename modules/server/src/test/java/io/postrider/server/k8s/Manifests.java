package io.postrider.server.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What one {@code kubectl apply -k} brings. */
record Manifests(List<ObjectNode> resources) {
    static final Path ROOT = Path.of("../../k8s");
    static final Path SMALL = ROOT.resolve("overlays/small");
    static final Path PRODUCTION = ROOT.resolve("overlays/production");
    /** What the README says to apply. */
    static final List<Path> APPLIED = List.of(
            SMALL,
            PRODUCTION,
            ROOT.resolve("database/small"),
            ROOT.resolve("database/production"),
            ROOT.resolve("database/restore"));

    static Manifests of(Path directory) {
        return new Manifests(Kustomize.render(directory));
    }

    /** The database an overlay is meant for. */
    static Manifests databaseOf(Path overlay) {
        return of(ROOT.resolve("database").resolve(overlay.getFileName()));
    }

    List<ObjectNode> all(String kind) {
        return resources.stream()
                .filter(resource -> resource.get("kind").asText().equals(kind))
                .toList();
    }

    ObjectNode one(String kind) {
        List<ObjectNode> all = all(kind);
        if (all.size() != 1) {
            throw new IllegalArgumentException(all.size() + " of kind " + kind);
        }
        return all.get(0);
    }

    boolean has(String kind, String name) {
        return all(kind).stream().anyMatch(resource -> name(resource).equals(name));
    }

    /** The pods of everything that makes pods. */
    List<JsonNode> podTemplates() {
        return resources.stream()
                .map(resource -> resource.at("/spec/template"))
                .filter(template -> !template.isMissingNode())
                .toList();
    }

    JsonNode server() {
        return one("Deployment").at("/spec/template");
    }

    static String name(JsonNode resource) {
        return resource.at("/metadata/name").asText();
    }

    /** Whether a label selector takes these labels; {@code matchExpressions} with In alone. */
    static boolean selects(JsonNode selector, JsonNode labels) {
        boolean byLabels = selector.path("matchLabels").properties().stream()
                .allMatch(label -> labels.path(label.getKey()).equals(label.getValue()));
        return byLabels
                && stream(selector.path("matchExpressions")).allMatch(expression -> {
                    if (!expression.get("operator").asText().equals("In")) {
                        throw new IllegalArgumentException("only In is known here: " + expression);
                    }
                    return stream(expression.get("values"))
                            .anyMatch(labels.path(expression.get("key").asText())::equals);
                });
    }

    static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** Every node below this one that has the key. */
    static List<JsonNode> having(JsonNode node, String key) {
        List<JsonNode> found = new ArrayList<>();
        if (node.has(key)) {
            found.add(node);
        }
        node.forEach(child -> found.addAll(having(child, key)));
        return found;
    }
}
