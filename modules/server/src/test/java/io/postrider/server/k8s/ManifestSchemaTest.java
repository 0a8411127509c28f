package io.postrider.server.k8s;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ManifestSchemaTest {
    static final List<Path> applied = Manifests.APPLIED;

    @ParameterizedTest
    @FieldSource("applied")
    void everyManifestIsWhatTheSchemaOfItsKindAllows(Path directory) {
        List<ObjectNode> resources = Kustomize.render(directory);
        assertFalse(resources.isEmpty());
        resources.forEach(resource -> assertDoesNotThrow(() -> Schema.check(resource), resource::toString));
    }

    /** A field of any name, at any depth, in any manifest, is seen: else the test above would prove nothing. */
    @ParameterizedTest
    @FieldSource("applied")
    void anUnknownFieldAnywhereIsSeen(Path directory) {
        for (ObjectNode resource : Kustomize.render(directory)) {
            for (ObjectNode place : placesForFields(resource)) {
                place.put("replicaz", "1");
                assertThrows(JsonProcessingException.class, () -> Schema.check(resource), resource::toString);
                place.remove("replicaz");
            }
        }
    }

    @Test
    void textIsNoNumberAndANumberNoText() {
        ObjectNode replicas = Manifests.of(Manifests.SMALL).one("Deployment");
        ((ObjectNode) replicas.get("spec")).put("replicas", "2");
        assertThrows(JsonProcessingException.class, () -> Schema.check(replicas));

        ObjectNode annotation = Manifests.of(Manifests.SMALL).one("Deployment");
        ((ObjectNode) annotation.at("/spec/template/metadata/annotations")).put("prometheus.io/port", 8080);
        assertThrows(JsonProcessingException.class, () -> Schema.check(annotation));

        ObjectNode instances = Manifests.databaseOf(Manifests.SMALL).one("Cluster");
        ((ObjectNode) instances.get("spec")).put("instances", "2");
        assertThrows(JsonProcessingException.class, () -> Schema.check(instances));
    }

    /** Maps with keys of one's own choice, as labels are, take any. */
    private static List<ObjectNode> placesForFields(ObjectNode resource) {
        List<ObjectNode> places = new ArrayList<>();
        collect("", resource, places);
        return places;
    }

    private static void collect(String name, JsonNode node, List<ObjectNode> places) {
        List<String> free =
                List.of("labels", "annotations", "matchLabels", "data", "requests", "limits", "parameters", "selector");
        if (node instanceof ObjectNode object && !free.contains(name)) {
            places.add(object);
            object.properties().forEach(field -> collect(field.getKey(), field.getValue(), places));
        } else if (node instanceof ArrayNode array) {
            array.forEach(item -> collect(name, item, places));
        }
    }
}
