package io.postrider.server.k8s;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Renders what {@code kubectl kustomize} would, for the part of kustomize that k8s/ uses: anything else in a kustomization is
 * an error, so that what is tested is what is applied. {@link KustomizeTest} compares it with the real one.
 */
final class Kustomize {
    private static final Set<String> KEYS =
            Set.of("apiVersion", "kind", "namespace", "resources", "configMapGenerator", "images", "patches");
    private static final Set<String> CLUSTER_SCOPED =
            Set.of("Namespace", "ClusterRole", "ClusterRoleBinding", "ClusterIssuer", "CustomResourceDefinition");

    private final Path directory;
    private final ObjectNode kustomization;
    private final List<ObjectNode> resources = new ArrayList<>();

    private Kustomize(Path directory) {
        this.directory = directory;
        this.kustomization = Yaml.one(directory.resolve("kustomization.yaml"));
    }

    static List<ObjectNode> render(Path directory) {
        return new Kustomize(directory).render();
    }

    /** What a kustomization names: files and directories. */
    static List<Path> named(Path directory) {
        ObjectNode kustomization = Yaml.one(directory.resolve("kustomization.yaml"));
        List<Path> named = new ArrayList<>();
        kustomization.path("resources").forEach(name -> named.add(directory.resolve(name.asText())));
        kustomization
                .path("patches")
                .forEach(patch -> named.add(directory.resolve(patch.get("path").asText())));
        kustomization.path("configMapGenerator").forEach(map -> map.path("files")
                .forEach(file -> named.add(directory.resolve(file.asText()))));
        return named.stream().map(Path::normalize).toList();
    }

    private List<ObjectNode> render() {
        kustomization.fieldNames().forEachRemaining(key -> check(KEYS.contains(key), key + " is not rendered here"));
        for (JsonNode resource : kustomization.path("resources")) {
            Path path = directory.resolve(resource.asText());
            resources.addAll(Files.isDirectory(path) ? render(path.normalize()) : Yaml.all(path));
        }
        kustomization.path("configMapGenerator").forEach(this::generate);
        kustomization.path("patches").forEach(this::patch);
        kustomization.path("images").forEach(this::image);
        if (kustomization.has("namespace")) {
            resources.forEach(this::namespace);
        }
        return resources;
    }

    private void namespace(ObjectNode resource) {
        String kind = resource.get("kind").asText();
        check(!CLUSTER_SCOPED.contains(kind), kind + " has no namespace");
        ((ObjectNode) resource.get("metadata")).set("namespace", kustomization.get("namespace"));
    }

    /** The name ends with ten letters made of the SHA-256 of sorted JSON; the name in that is empty. */
    private void generate(JsonNode generator) {
        String name = generator.get("name").asText();
        ObjectNode map = Yaml.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        TreeMap<String, String> data = new TreeMap<>();
        for (JsonNode file : generator.get("files")) {
            check(!file.asText().contains("="), "a key beside a file's name is not rendered here");
            data.put(file.asText(), read(directory.resolve(file.asText())));
        }
        ObjectNode values = map.putObject("data");
        data.forEach(values::put);
        ObjectNode hashed = Yaml.object();
        hashed.set("data", values);
        hashed.put("kind", "ConfigMap").put("name", "");
        String hashedName = name + "-" + hash(hashed.toString());
        map.putObject("metadata").put("name", hashedName);
        resources.forEach(resource -> rename(resource, name, hashedName));
        resources.add(map);
    }

    private static void rename(JsonNode node, String name, String hashedName) {
        JsonNode reference = node.path("configMap").path("name");
        if (reference.asText().equals(name)) {
            ((ObjectNode) node.get("configMap")).put("name", hashedName);
        }
        check(!node.has("configMapKeyRef") && !node.has("configMapRef"), "only volumes of ConfigMaps are rendered");
        node.forEach(child -> rename(child, name, hashedName));
    }

    private static String hash(String json) {
        // As Go writes JSON.
        String escaped = json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(escaped.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of()
                    .formatHex(digest)
                    .substring(0, 10)
                    .replace('0', 'g')
                    .replace('1', 'h')
                    .replace('3', 'k')
                    .replace('a', 'm')
                    .replace('e', 't');
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void image(JsonNode image) {
        image.fieldNames()
                .forEachRemaining(
                        key -> check(Set.of("name", "newName", "newTag").contains(key), "images." + key));
        String name = image.get("name").asText();
        String replaced =
                image.path("newName").asText(name) + ":" + image.path("newTag").asText();
        resources.forEach(resource -> image(resource, name, replaced));
    }

    private static void image(JsonNode node, String name, String replaced) {
        for (JsonNode container : node.path("containers")) {
            String image = container.get("image").asText();
            if (image.equals(name) || image.startsWith(name + ":")) {
                ((ObjectNode) container).put("image", replaced);
            }
        }
        node.forEach(child -> image(child, name, replaced));
    }

    private void patch(JsonNode patch) {
        JsonNode change = Yaml.any(directory.resolve(patch.get("path").asText()));
        JsonNode target = patch.has("target") ? patch.get("target") : asTarget(change);
        List<ObjectNode> matching =
                resources.stream().filter(resource -> matches(resource, target)).toList();
        check(!matching.isEmpty(), patch + " changes nothing");
        for (ObjectNode resource : matching) {
            if (change instanceof ArrayNode operations) {
                operations.forEach(operation -> apply(resource, operation));
            } else {
                merge(resource, (ObjectNode) change);
            }
        }
    }

    private static ObjectNode asTarget(JsonNode change) {
        return Yaml.object()
                .put("kind", change.get("kind").asText())
                .put("name", change.at("/metadata/name").asText());
    }

    private static boolean matches(ObjectNode resource, JsonNode target) {
        target.fieldNames().forEachRemaining(key -> check(Set.of("kind", "name").contains(key), "target." + key));
        return resource.get("kind").asText().matches(target.path("kind").asText(".*"))
                && resource.at("/metadata/name")
                        .asText()
                        .matches(target.path("name").asText(".*"));
    }

    /** Of strategic merging the part that needs no knowledge of the kinds: maps are merged, lists of plain values replaced. */
    private static void merge(ObjectNode into, ObjectNode change) {
        change.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                into.remove(entry.getKey());
            } else if (value instanceof ObjectNode object && into.get(entry.getKey()) instanceof ObjectNode old) {
                merge(old, object);
            } else {
                value.forEach(item ->
                        check(!value.isArray() || item.isValueNode(), "a list of maps needs an operation of RFC 6902"));
                into.set(entry.getKey(), value.deepCopy());
            }
        });
    }

    /** RFC 6902 §4.1 to §4.3. */
    private static void apply(ObjectNode resource, JsonNode operation) {
        JsonPointer pointer = JsonPointer.compile(operation.get("path").asText());
        JsonNode parent = resource.at(pointer.head());
        check(parent.isContainerNode(), pointer + " has no parent");
        String last = pointer.last().getMatchingProperty();
        String op = operation.get("op").asText();
        JsonNode value = operation.get("value");
        check(op.equals("add") || !resource.at(pointer).isMissingNode(), "there is no " + pointer);
        if (parent instanceof ArrayNode array) {
            int index = last.equals("-") ? array.size() : Integer.parseInt(last);
            switch (op) {
                case "add" -> array.insert(index, value.deepCopy());
                case "replace" -> array.set(index, value.deepCopy());
                case "remove" -> array.remove(index);
                default -> check(false, op);
            }
            return;
        }
        ObjectNode object = (ObjectNode) parent;
        switch (op) {
            case "add", "replace" -> object.set(last, value.deepCopy());
            case "remove" -> object.remove(last);
            default -> check(false, op);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
