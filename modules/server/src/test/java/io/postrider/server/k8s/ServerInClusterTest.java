package io.postrider.server.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postrider.server.config.Configuration;
import io.postrider.server.config.ConfigurationException;
import io.postrider.server.config.Listener;
import io.postrider.server.config.Values;
import io.postrider.server.config.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The server as the manifests run it: its configuration, read as it reads it itself, and what its pods allow it. */
class ServerInClusterTest {
    static final List<Path> overlays = List.of(Manifests.SMALL, Manifests.PRODUCTION);
    private static final Pattern IMAGE_VARIABLE = Pattern.compile("(POSTRIDER_[A-Z0-9_]+)=([^ \\\\]+)");
    /** For closing what is behind the listeners, after {@code shutdown.grace}. */
    private static final Duration CLOSE = Duration.ofSeconds(15);
    /** Of a node beside its pool: at most 16 that short statements share, and the listening ones. */
    private static final int OTHER_CONNECTIONS = 20;
    /** PostgreSQL's for superusers, the operator's, and replication's. */
    private static final int RESERVED_CONNECTIONS = 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @FieldSource("overlays")
    void theServerListensWhereItsContainerSays(Path overlay) throws IOException {
        Manifests manifests = Manifests.of(overlay);
        Configuration configuration = configuration(manifests);
        Map<String, Integer> listening = new TreeMap<>();
        for (Listener listener : configuration.listeners().values()) {
            String name = listener.name().key();
            listening.put(name, listener.port());
            listener.proxyPort().ifPresent(port -> listening.put(name + "-proxy", port));
            assertTrue(listener.enabled());
            assertEquals("0.0.0.0", listener.host(), name);
        }
        listening.put("http", configuration.http().port());
        assertEquals("0.0.0.0", configuration.http().host());

        Map<String, Integer> ports = new TreeMap<>();
        ReferencesTest.container(manifests)
                .get("ports")
                .forEach(port -> ports.put(
                        port.get("name").asText(), port.get("containerPort").asInt()));
        assertEquals(ports, listening);
        ports.values().forEach(port -> assertTrue(port > 1023, "needs a privilege"));
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void itsFilesAreMountedAndItsNameIsOnTheCertificate(Path overlay) throws IOException {
        Manifests manifests = Manifests.of(overlay);
        Configuration configuration = configuration(manifests);
        JsonNode container = ReferencesTest.container(manifests);
        Map<String, String> mounts = new HashMap<>();
        container
                .get("volumeMounts")
                .forEach(mount -> mounts.put(
                        mount.get("name").asText(), mount.get("mountPath").asText()));
        Configuration.Tls tls = configuration.tls().orElseThrow();
        assertEquals(Path.of(mounts.get("tls"), "tls.crt"), tls.certificate());
        assertEquals(Path.of(mounts.get("tls"), "tls.key"), tls.key());
        assertEquals(
                List.of("serve", "--config", mounts.get("configuration") + "/postrider.yaml"),
                Manifests.stream(container.get("args")).map(JsonNode::asText).toList());
        assertTrue(Manifests.stream(manifests.one("Certificate").at("/spec/dnsNames"))
                .anyMatch(name -> name.asText().equals(configuration.hostname())));
    }

    /** A password in plain text would be refused only by the client's good sense. */
    @ParameterizedTest
    @FieldSource("overlays")
    void noPasswordComesWithoutTls(Path overlay) throws IOException {
        configuration(Manifests.of(overlay))
                .listeners()
                .values()
                .forEach(listener -> assertFalse(listener.plainTextPasswords()));
    }

    /** Kubelet kills at the end of the grace period, in the middle of whatever runs. */
    @ParameterizedTest
    @FieldSource("overlays")
    void theGracePeriodHoldsTheLongestDrain(Path overlay) throws IOException {
        Manifests manifests = Manifests.of(overlay);
        Configuration.Shutdown shutdown = configuration(manifests).shutdown();
        long granted =
                manifests.server().at("/spec/terminationGracePeriodSeconds").asLong();
        assertTrue(shutdown.longest().plus(CLOSE).toSeconds() <= granted, shutdown::toString);
        // The endpoints' change takes seconds to reach every node.
        assertTrue(shutdown.delay().toSeconds() >= 5);
        assertTrue(shutdown.spread().compareTo(shutdown.grace()) <= 0);
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void theDatabaseHasConnectionsForAllPodsThereMayBe(Path overlay) throws IOException {
        Manifests manifests = Manifests.of(overlay);
        int pods = manifests.all("HorizontalPodAutoscaler").stream()
                .findFirst()
                .map(autoscaler -> autoscaler.at("/spec/maxReplicas").asInt())
                .orElseGet(
                        () -> manifests.one("Deployment").at("/spec/replicas").asInt());
        int surge = manifests
                .one("Deployment")
                .at("/spec/strategy/rollingUpdate/maxSurge")
                .asInt();
        int each = configuration(manifests).database().connections() + OTHER_CONNECTIONS;
        int granted = Manifests.databaseOf(overlay)
                .one("Cluster")
                .at("/spec/postgresql/parameters/max_connections")
                .asInt();
        assertTrue(
                (pods + surge) * each + RESERVED_CONNECTIONS <= granted,
                (pods + surge) + " pods with " + each + " of " + granted);
    }

    /** The Service postrider-http would give pods POSTRIDER_HTTP_PORT=tcp://…, which is configuration, and wrong. */
    @ParameterizedTest
    @FieldSource("overlays")
    void noVariableOfAServiceIsReadAsConfiguration(Path overlay) throws IOException {
        Manifests manifests = Manifests.of(overlay);
        manifests
                .podTemplates()
                .forEach(template ->
                        assertFalse(template.at("/spec/enableServiceLinks").asBoolean(true)));
        assertTrue(manifests.has("Service", "postrider-http"));
        Values values = values(manifests).environment(Map.of("POSTRIDER_HTTP_PORT", "tcp://10.0.0.7:8080"));
        assertThrows(ConfigurationException.class, () -> Configuration.of(values));
    }

    /** What the Pod Security Standard "restricted" asks for, and a root file system that nobody writes. */
    @ParameterizedTest
    @FieldSource("overlays")
    void podsHaveNoPrivileges(Path overlay) {
        for (JsonNode template : Manifests.of(overlay).podTemplates()) {
            JsonNode pod = template.at("/spec/securityContext");
            assertTrue(pod.get("runAsNonRoot").asBoolean());
            assertEquals("RuntimeDefault", pod.at("/seccompProfile/type").asText());
            assertFalse(template.at("/spec/automountServiceAccountToken").asBoolean(true));
            for (JsonNode container : template.at("/spec/containers")) {
                JsonNode context = container.get("securityContext");
                assertFalse(context.get("allowPrivilegeEscalation").asBoolean(true));
                assertTrue(context.get("readOnlyRootFilesystem").asBoolean());
                assertEquals("[\"ALL\"]", context.at("/capabilities/drop").toString());
                assertFalse(container.at("/resources/limits/memory").isMissingNode());
                assertFalse(container.at("/resources/requests/cpu").isMissingNode());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void serverAndMigrationAreOneRelease(Path overlay) {
        List<String> images = Manifests.of(overlay).podTemplates().stream()
                .map(template -> template.at("/spec/containers/0/image").asText())
                .distinct()
                .toList();
        assertEquals(1, images.size());
        assertTrue(images.get(0).matches("[^:]+:[0-9].*"), "a tag that moves is no release: " + images);
    }

    /** As the Dockerfile has it, so that files of a group may be read and none of the image's written. */
    @Test
    void theImageRunsAsThePodDoes() throws IOException {
        String image = Files.readString(Path.of("../../deploy/Dockerfile"));
        JsonNode context = Manifests.of(Manifests.SMALL).server().at("/spec/securityContext");
        assertTrue(image.contains("\nUSER " + context.get("runAsUser").asText() + ":"
                + context.get("runAsGroup").asText() + "\n"));
    }

    private Configuration configuration(Manifests manifests) throws IOException {
        return Configuration.of(values(manifests));
    }

    private Values values(Manifests manifests) throws IOException {
        ObjectNode map = manifests.one("ConfigMap");
        Path file = directory.resolve("postrider.yaml");
        Files.writeString(file, map.at("/data/postrider.yaml").asText());
        Map<String, String> environment = new HashMap<>();
        Matcher ofImage = IMAGE_VARIABLE.matcher(Files.readString(Path.of("../../deploy/Dockerfile")));
        while (ofImage.find()) {
            environment.put(ofImage.group(1), ofImage.group(2));
        }
        // As CloudNativePG writes it.
        ReferencesTest.container(manifests)
                .get("env")
                .forEach(variable -> environment.put(
                        variable.get("name").asText(),
                        "postgresql://postrider:secret@postrider-db-rw.postrider:5432/postrider"));
        Values values = new Values();
        YamlFile.read(file, values);
        return values.environment(environment);
    }
}
