package io.postrider.server.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The fields of kinds that have no Java model, from a list written by hand: lines of kind, path and type. A type is string,
 * integer, boolean, quantity, or map of strings; {@code []} after a name is a list.
 */
final class FieldList {
    static final FieldList CLOUD_NATIVE_PG = read("cloudnative-pg.txt");

    private final Map<String, Map<String, String>> typesByKind = new HashMap<>();

    private static FieldList read(String resource) {
        FieldList list = new FieldList();
        try (InputStream in = FieldList.class.getResourceAsStream(resource)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(list::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return list;
    }

    private void add(String line) {
        String[] words = line.split(" ");
        typesByKind
                .computeIfAbsent(words[0] + " " + words[1], kind -> new TreeMap<>())
                .put(words[2], words[3]);
    }

    void check(String kind, JsonNode manifest) throws JsonProcessingException {
        Map<String, String> types = typesByKind.get(kind);
        if (types == null) {
            throw new JsonMappingException(null, "unknown kind " + kind);
        }
        check(types, "", manifest);
    }

    private static void check(Map<String, String> types, String path, JsonNode node) throws JsonProcessingException {
        String type = types.get(path);
        if (type != null) {
            if (!is(type, node)) {
                throw new JsonMappingException(null, path + " must be " + type + ", not " + node);
            }
        } else if (node.isObject() && types.keySet().stream().anyMatch(known -> isBelow(known, path))) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                check(types, path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue());
            }
        } else if (node.isArray() && !path.endsWith("[]")) {
            for (JsonNode item : node) {
                check(types, path + "[]", item);
            }
        } else {
            throw new JsonMappingException(null, "unknown field " + path);
        }
    }

    private static boolean isBelow(String known, String path) {
        return path.isEmpty() || known.startsWith(path + ".");
    }

    private static boolean is(String type, JsonNode node) {
        return switch (type) {
            case "string" -> node.isTextual();
            case "integer" -> node.isIntegralNumber();
            case "boolean" -> node.isBoolean();
            case "quantity" -> node.asText().matches("[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?");
            case "map" -> node.isObject() && Manifests.stream(node).allMatch(JsonNode::isTextual);
            default -> throw new IllegalArgumentException(type);
        };
    }
}
