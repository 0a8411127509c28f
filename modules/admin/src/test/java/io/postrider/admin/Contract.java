package io.postrider.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds requests and responses to the OpenAPI document, and remembers which operations it has seen. */
final class Contract {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode document;
    private final Set<String> seen = new HashSet<>();

    Contract() {
        try (InputStream file = AdminApi.class.getResourceAsStream("openapi.json")) {
            document = MAPPER.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> operations() {
        Set<String> all = new TreeSet<>();
        document.get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> all.add(method + " " + path.getKey())));
        return all;
    }

    Set<String> seen() {
        return new TreeSet<>(seen);
    }

    /** @param path behind /api/v1, with its query */
    void checkRequest(String method, String path, String body) {
        JsonNode operation = operation(method, path);
        int question = path.indexOf('?');
        if (question >= 0) {
            Set<String> known = new HashSet<>();
            operation.path("parameters").forEach(p -> known.add(p.get("name").asText()));
            for (String parameter : path.substring(question + 1).split("&")) {
                assertTrue(known.contains(parameter.split("=")[0]), method + " " + path + ": " + parameter);
            }
        }
        if (body != null) {
            JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
            assertTrue(!schema.isMissingNode(), method + " " + path + " takes no body");
            assertEquals(Set.of(), check(schema, body), method + " " + path + " " + body);
        }
    }

    void checkResponse(String method, String path, int status, String type, String body) {
        JsonNode operation = operation(method, path);
        seen.add(method.toLowerCase() + " " + template(path));
        JsonNode response = operation.at("/responses/" + status);
        if (status >= 400) {
            response = operation.at("/responses/default");
            assertEquals(ProblemDetails.MEDIA_TYPE, type, body);
        }
        assertTrue(!response.isMissingNode(), method + " " + path + " answers " + status + ": " + body);
        JsonNode content =
                response.path("content").path(type.isEmpty() ? "none" : type).path("schema");
        if (content.isMissingNode()) {
            assertTrue(body.isEmpty() || path.equals("/openapi.json"), method + " " + path + " says " + body);
        } else {
            assertEquals(Set.of(), check(content, body), method + " " + path + " " + body);
        }
    }

    private Set<ValidationMessage> check(JsonNode schema, String body) {
        try {
            com.fasterxml.jackson.databind.node.ObjectNode whole = MAPPER.createObjectNode();
            whole.setAll((com.fasterxml.jackson.databind.node.ObjectNode) schema.deepCopy());
            whole.set("components", document.get("components"));
            SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                    .formatAssertionsEnabled(true)
                    .build();
            return SCHEMAS.getSchema(whole, config).validate(MAPPER.readTree(body));
        } catch (JsonProcessingException e) {
            throw new AssertionError(body, e);
        }
    }

    private JsonNode operation(String method, String path) {
        JsonNode operation = document.get("paths").path(template(path)).path(method.toLowerCase());
        assertTrue(!operation.isMissingNode(), "not in the document: " + method + " " + path);
        return operation;
    }

    private String template(String path) {
        String[] given = path.split("\\?")[0].split("/");
        for (Iterator<Map.Entry<String, JsonNode>> paths = document.get("paths").fields(); paths.hasNext(); ) {
            String template = paths.next().getKey();
            String[] parts = template.split("/");
            boolean fits = parts.length == given.length;
            for (int i = 0; fits && i < parts.length; i++) {
                fits = parts[i].startsWith("{") || parts[i].equals(given[i]);
            }
            if (fits) {
                return template;
            }
        }
        throw new AssertionError("not in the document: " + path);
    }
}
