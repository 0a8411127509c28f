package io.postrider.server.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one manifest calls another by: Kubernetes takes any name, and then nothing happens. */
class ReferencesTest {
    static final List<Path> overlays = List.of(Manifests.SMALL, Manifests.PRODUCTION);
    static final List<Path> applied = Manifests.APPLIED;

    @ParameterizedTest
    @FieldSource("overlays")
    void everyServiceLeadsToPortsOfTheServer(Path overlay) {
        Manifests manifests = Manifests.of(overlay);
        Set<String> ports = portNames(manifests);
        for (ObjectNode service : manifests.all("Service")) {
            JsonNode labels = manifests.server().at("/metadata/labels");
            service.at("/spec/selector")
                    .properties()
                    .forEach(label -> assertEquals(label.getValue(), labels.get(label.getKey()), service::toString));
            assertTrue(service.at("/spec/selector").size() > 0, "an empty selector is every pod");
            for (JsonNode port : service.at("/spec/ports")) {
                assertTrue(ports.contains(port.get("targetPort").asText()), port::toString);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void noServiceLeadsToTheMigration(Path overlay) {
        Manifests manifests = Manifests.of(overlay);
        JsonNode job = manifests.one("Job").at("/spec/template/metadata/labels");
        for (ObjectNode service : manifests.all("Service")) {
            assertFalse(service.at("/spec/selector").properties().stream()
                    .allMatch(label -> label.getValue().equals(job.get(label.getKey()))));
        }
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void lmtpAndMetricsAreNeverOutside(Path overlay) {
        for (ObjectNode service : Manifests.of(overlay).all("Service")) {
            Set<String> targets = Manifests.stream(service.at("/spec/ports"))
                    .map(port -> port.get("targetPort").asText())
                    .collect(Collectors.toSet());
            if (targets.contains("lmtp") || targets.contains("http")) {
                assertEquals("ClusterIP", service.at("/spec/type").asText());
            }
        }
    }

    @Test
    void theClientsAddressIsKeptOneWayOrTheOther() {
        List<ObjectNode> small = balancers(Manifests.of(Manifests.SMALL));
        assertEquals(2, small.size());
        small.forEach(service ->
                assertEquals("Local", service.at("/spec/externalTrafficPolicy").asText()));

        List<ObjectNode> production = balancers(Manifests.of(Manifests.PRODUCTION));
        assertEquals(2, production.size());
        production.forEach(service -> service.at("/spec/ports")
                .forEach(port -> assertEquals(
                        port.get("name").asText() + "-proxy",
                        port.get("targetPort").asText())));
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void everyProbeAsksAPortOfItsContainer(Path overlay) {
        Manifests manifests = Manifests.of(overlay);
        JsonNode container = container(manifests);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode get = container.at("/" + probe + "/httpGet");
            assertTrue(portNames(manifests).contains(get.get("port").asText()), probe);
            assertEquals(
                    probe.equals("readinessProbe") ? "/health/ready" : "/health/live",
                    get.get("path").asText());
        }
    }

    @ParameterizedTest
    @FieldSource("applied")
    void everyMountAndConfigMapAndAccountIsThere(Path directory) {
        Manifests manifests = Manifests.of(directory);
        for (JsonNode template : manifests.podTemplates()) {
            JsonNode pod = template.get("spec");
            assertTrue(manifests.has(
                    "ServiceAccount", pod.get("serviceAccountName").asText()));
            Set<String> volumes = Manifests.stream(pod.get("volumes"))
                    .map(volume -> volume.get("name").asText())
                    .collect(Collectors.toSet());
            Set<String> mounted = Manifests.stream(pod.at("/containers/0/volumeMounts"))
                    .map(mount -> mount.get("name").asText())
                    .collect(Collectors.toSet());
            assertEquals(volumes, mounted);
            for (JsonNode volume : Manifests.having(pod, "configMap")) {
                assertTrue(
                        manifests.has("ConfigMap", volume.at("/configMap/name").asText()));
            }
        }
    }

    /** By whom each Secret is made: by cert-manager, by CloudNativePG, or by the reader of the README. */
    @ParameterizedTest
    @FieldSource("applied")
    void everySecretIsMadeBySomebody(Path directory) throws IOException {
        Manifests manifests = Manifests.of(directory);
        Set<String> made = new TreeSet<>();
        manifests
                .all("Certificate")
                .forEach(certificate ->
                        made.add(certificate.at("/spec/secretName").asText()));
        Manifests.of(Manifests.ROOT.resolve("database/small"))
                .all("Cluster")
                .forEach(cluster -> made.add(Manifests.name(cluster) + "-app"));
        String readme = Files.readString(Manifests.ROOT.resolve("README.md"));
        Stream.of("postrider-backups")
                .filter(name -> readme.contains("create secret generic " + name))
                .forEach(made::add);
        for (ObjectNode resource : manifests.resources()) {
            List<String> used = new ArrayList<>();
            Manifests.having(resource, "secretKeyRef")
                    .forEach(node -> used.add(node.at("/secretKeyRef/name").asText()));
            Manifests.having(resource, "secret")
                    .forEach(node -> used.add(node.at("/secret/secretName").asText()));
            Manifests.having(resource, "s3Credentials").forEach(node -> node.get("s3Credentials")
                    .forEach(key -> used.add(key.get("name").asText())));
            assertTrue(made.containsAll(used), () -> used + " of " + made);
        }
    }

    @Test
    void noSecretStandsInTheRepository() {
        for (Path directory : Manifests.APPLIED) {
            Manifests manifests = Manifests.of(directory);
            assertTrue(manifests.all("Secret").isEmpty());
            manifests.podTemplates().forEach(template -> Manifests.having(template, "env")
                    .forEach(container -> container
                            .get("env")
                            .forEach(variable -> assertTrue(
                                    variable.has("valueFrom")
                                            || variable.get("name").asText().startsWith("JDK_"),
                                    variable::toString))));
        }
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void whatWatchesTheDeploymentNamesIt(Path overlay) {
        Manifests manifests = Manifests.of(overlay);
        JsonNode labels = manifests.server().at("/metadata/labels");
        assertTrue(Manifests.selects(manifests.one("Deployment").at("/spec/selector"), labels));
        assertTrue(Manifests.selects(manifests.one("PodDisruptionBudget").at("/spec/selector"), labels));
        for (ObjectNode autoscaler : manifests.all("HorizontalPodAutoscaler")) {
            assertEquals(
                    "Deployment", autoscaler.at("/spec/scaleTargetRef/kind").asText());
            assertTrue(manifests.has(
                    "Deployment", autoscaler.at("/spec/scaleTargetRef/name").asText()));
            assertTrue(manifests.one("Deployment").at("/spec/replicas").isMissingNode());
        }
        for (JsonNode spread : manifests.server().at("/spec/topologySpreadConstraints")) {
            assertTrue(Manifests.selects(spread.get("labelSelector"), labels));
        }
    }

    @Test
    void prometheusFindsOnePortOfOneService() {
        Manifests manifests = Manifests.of(Manifests.PRODUCTION);
        ObjectNode monitor = manifests.one("ServiceMonitor");
        List<ObjectNode> services = manifests.all("Service").stream()
                .filter(service -> Manifests.selects(monitor.at("/spec/selector"), service.at("/metadata/labels")))
                .toList();
        assertEquals(1, services.size());
        assertEquals(services.get(0).at("/spec/ports/0/name"), monitor.at("/spec/endpoints/0/port"));

        JsonNode annotations = Manifests.of(Manifests.SMALL).server().at("/metadata/annotations");
        assertEquals("true", annotations.get("prometheus.io/scrape").asText());
        assertTrue(Manifests.stream(container(Manifests.of(Manifests.SMALL)).get("ports"))
                .anyMatch(port -> port.get("name").asText().equals("http")
                        && port.get("containerPort")
                                .asText()
                                .equals(annotations.get("prometheus.io/port").asText())));
    }

    /** {@code deploy/prometheus/to-kubernetes} writes them again. */
    @ParameterizedTest
    @ValueSource(strings = {"rules", "alerts"})
    void theOperatorsRulesAreThoseOfDeploy(String name) {
        ObjectNode rules = Manifests.of(Manifests.PRODUCTION).all("PrometheusRule").stream()
                .filter(resource -> Manifests.name(resource).equals("postrider-" + name))
                .findFirst()
                .orElseThrow();
        assertEquals(Yaml.one(Path.of("../../deploy/prometheus/" + name + ".yml")), rules.get("spec"));
        assertTrue(rules.at("/spec/groups/0/rules").size() > 0);
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void whatMayComeInIsEveryPortAndNoOther(Path overlay) {
        Manifests manifests = Manifests.of(overlay);
        Set<String> open = new TreeSet<>();
        for (ObjectNode policy : manifests.all("NetworkPolicy")) {
            if (policy.at("/spec/policyTypes/0").asText().equals("Ingress")) {
                assertTrue(Manifests.selects(
                        policy.at("/spec/podSelector"), manifests.server().at("/metadata/labels")));
                policy.at("/spec/ingress").forEach(rule -> rule.get("ports").forEach(port -> {
                    assertTrue(open.add(port.get("port").asText()), port::toString);
                    if (Set.of("lmtp", "http").contains(port.get("port").asText())) {
                        assertTrue(rule.at("/from/0").size() > 0, "anybody may reach " + port);
                    }
                }));
            }
        }
        assertEquals(portNames(manifests), open);
    }

    @ParameterizedTest
    @FieldSource("overlays")
    void serverAndMigrationReachTheDatabaseAndNamesAlone(Path overlay) {
        Manifests manifests = Manifests.of(overlay);
        Manifests database = Manifests.databaseOf(overlay);
        JsonNode cluster = Yaml.object().put("cnpg.io/cluster", Manifests.name(database.one("Cluster")));
        ObjectNode egress = manifests.all("NetworkPolicy").stream()
                .filter(policy -> policy.at("/spec/policyTypes/0").asText().equals("Egress"))
                .findFirst()
                .orElseThrow();
        assertEquals(2, manifests.podTemplates().size());
        for (JsonNode template : manifests.podTemplates()) {
            assertTrue(Manifests.selects(egress.at("/spec/podSelector"), template.at("/metadata/labels")));
            assertTrue(Manifests.selects(
                    database.one("NetworkPolicy").at("/spec/ingress/0/from/0/podSelector"),
                    template.at("/metadata/labels")));
        }
        assertTrue(Manifests.selects(egress.at("/spec/egress/0/to/0/podSelector"), cluster));
        assertTrue(Manifests.selects(database.one("NetworkPolicy").at("/spec/podSelector"), cluster));
        assertEquals(
                Set.of("5432", "53"),
                Manifests.having(egress, "port").stream()
                        .map(port -> port.get("port").asText())
                        .collect(Collectors.toSet()));
    }

    @Test
    void backupsAreOfTheClusterAndGoWhereItArchives() {
        Manifests manifests = Manifests.of(Manifests.ROOT.resolve("database/production"));
        String cluster = Manifests.name(manifests.one("Cluster"));
        String store = Manifests.name(manifests.one("ObjectStore"));
        ObjectNode backup = manifests.one("ScheduledBackup");
        assertEquals(cluster, backup.at("/spec/cluster/name").asText());
        assertEquals(
                backup.at("/spec/pluginConfiguration/name"),
                manifests.one("Cluster").at("/spec/plugins/0/name"));
        assertEquals(
                store,
                manifests
                        .one("Cluster")
                        .at("/spec/plugins/0/parameters/barmanObjectName")
                        .asText());

        ObjectNode restored =
                Manifests.of(Manifests.ROOT.resolve("database/restore")).one("Cluster");
        JsonNode source = restored.at("/spec/externalClusters/0");
        assertEquals(restored.at("/spec/bootstrap/recovery/source"), source.get("name"));
        assertEquals(cluster, source.at("/plugin/parameters/serverName").asText());
        assertEquals(store, source.at("/plugin/parameters/barmanObjectName").asText());
        // Two clusters that archive under one name destroy each other's backups.
        assertEquals(
                Manifests.name(restored),
                restored.at("/spec/plugins/0/parameters/serverName").asText());
        assertEquals(manifests.one("Cluster").at("/spec/imageName"), restored.at("/spec/imageName"));
    }

    static JsonNode container(Manifests manifests) {
        return manifests.server().at("/spec/containers/0");
    }

    private static Set<String> portNames(Manifests manifests) {
        return Manifests.stream(container(manifests).get("ports"))
                .map(port -> port.get("name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<ObjectNode> balancers(Manifests manifests) {
        return manifests.all("Service").stream()
                .filter(service -> service.at("/spec/type").asText().equals("LoadBalancer"))
                .toList();
    }
}
