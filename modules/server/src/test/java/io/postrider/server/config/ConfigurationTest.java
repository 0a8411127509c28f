package io.postrider.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void nothingAtAllGivesTheDefaults() {
        Configuration configuration = Configuration.of(new Values());
        assertEquals(143, configuration.listeners().get(Name.IMAP).port());
        assertEquals("127.0.0.1", configuration.listeners().get(Name.LMTP).host());
        assertFalse(configuration.listeners().get(Name.IMAP).plainTextPasswords());
        assertEquals(100L << 20, configuration.messageOctets());
    }

    @Test
    void fileThenEnvironmentThenOption() throws IOException {
        String yaml = """
                message-size: 1MiB
                listeners:
                  imap: {port: 1, host: "::1"}
                  pop3:
                    port: 2
                """;
        Values values = values(yaml, Map.of("POSTRIDER_LISTENERS_IMAP_PORT", "3", "PATH", "/bin"));
        Configuration configuration = Configuration.of(values.option("--pop3", "listeners.pop3.port", "4"));
        assertEquals(1 << 20, configuration.messageOctets());
        assertEquals("::1", configuration.listeners().get(Name.IMAP).host());
        assertEquals(3, configuration.listeners().get(Name.IMAP).port());
        assertEquals(4, configuration.listeners().get(Name.POP3).port());
    }

    @Test
    void anEmptySectionSaysNothing() throws IOException {
        assertEquals(
                143,
                Configuration.of(values("listeners:\n  imap:\n    # port: 7\n", Map.of()))
                        .listeners()
                        .get(Name.IMAP)
                        .port());
    }

    @Test
    void aValueIsWhatIsWritten() throws IOException {
        // YAML 1.1 would make these 8, false and 5400.
        assertEquals(
                10,
                Configuration.of(values("http: {port: 010}", Map.of())).http().port());
        assertEquals(
                List.of("file line 1: http.enabled: must be true or false"), problems("http: {enabled: no}", Map.of()));
        assertEquals(1, problems("http: {port: 1:30:00}", Map.of()).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listeners.imap.port | 65536 | must be a number from 0 to 65535",
                "listeners.imap.port | -1 | must be a number from 0 to 65535",
                "listeners.imap.port | imap | must be a number from 0 to 65535",
                "listeners.imap.port | 99999999999999 | must be a number from 0 to 65535",
                "listeners.imap.max-connections | 0 | must be a number from 1 to 1000000",
                "database.connections | 501 | must be a number from 1 to 500",
                "message-size | 50MB | must be a size like 512, 64KiB, 50MiB or 2GiB",
                "message-size | 1023 | must be from 1024 to 1073741824 octets",
                "message-size | 2GiB | must be from 1024 to 1073741824 octets",
                "imap.idle | 30 | must be a duration like 250ms, 30s, 5m, 2h or 1d",
                "imap.idle | 9s | must be from 10s to 1d",
                "pop3.idle | 25h | must be from 10s to 1d",
                "shutdown.grace | 61m | must be from 0s to 1h",
                "log.level | loud | must be one of error, warn, info, debug, trace",
                "hostname | '' | must not be empty",
                "database.url | mysql://h/d | the database URL must begin with postgresql://",
            })
    void aBadValueNamesTheKeyAndWhereItStands(String key, String text, String problem) throws IOException {
        String variable = Values.variable(key);
        assertEquals(
                List.of("environment variable " + variable + ": " + key + ": " + problem),
                problems("", Map.of(variable, text)));
        String[] levels = key.split("\\.");
        StringBuilder yaml = new StringBuilder("#\n");
        for (int i = 0; i < levels.length; i++) {
            yaml.append("  ".repeat(i)).append(levels[i]).append(":\n");
        }
        yaml.setLength(yaml.length() - 1);
        yaml.append(" \"").append(text).append("\"\n");
        assertEquals(
                List.of("file line " + (levels.length + 1) + ": " + key + ": " + problem),
                problems(yaml.toString(), Map.of()));
    }

    @Test
    void boundsAreAllowed() throws IOException {
        Configuration configuration = Configuration.of(values(
                "{message-size: 1GiB, imap: {idle: 1d}, pop3: {idle: 10s}, shutdown: {grace: 0s}, http: {port: 65535}}",
                Map.of()));
        assertEquals(1L << 30, configuration.messageOctets());
        assertEquals(Duration.ofDays(1), configuration.imap().idle());
        assertEquals(Duration.ofSeconds(10), configuration.pop3().idle());
        assertEquals(Duration.ZERO, configuration.shutdown().grace());
    }

    @Test
    void anUnknownKeyIsRejectedWithTheNearestOne() throws IOException {
        assertEquals(
                List.of("file line 2: there is no key listeners.imap.prot; is it listeners.imap.port?"),
                problems("listeners:\n  imap: {prot: 143}\n", Map.of()));
        assertEquals(
                List.of("environment variable POSTRIDER_DATABASE_ULR stands for no key; is it POSTRIDER_DATABASE_URL?"),
                problems("", Map.of("POSTRIDER_DATABASE_ULR", "x")));
        assertEquals(
                List.of("file line 1: there is no key entirely-different-things"),
                problems("entirely-different-things: 1", Map.of()));
    }

    @Test
    void serviceVariablesOfKubernetesAreNoMistake() throws IOException {
        Map<String, String> links = Map.of(
                "POSTRIDER_SERVICE_HOST", "10.0.0.1",
                "POSTRIDER_SERVICE_PORT_IMAP", "143",
                "POSTRIDER_PORT", "tcp://10.0.0.1:143",
                "POSTRIDER_PORT_143_TCP", "tcp://10.0.0.1:143",
                "POSTRIDER_PORT_143_TCP_ADDR", "10.0.0.1");
        assertEquals(List.of(), problems("", links));
        assertEquals(1, problems("", Map.of("POSTRIDER_IMAP_PORT", "143")).size());
    }

    @Test
    void allProblemsAreToldAtOnce() throws IOException {
        assertEquals(
                3,
                problems("http: {port: x}\nlog: {level: y}\nz: 1\n", Map.of()).size());
    }

    @Test
    void aSecretIsNeverRepeated() throws IOException {
        String url = "postgresql://postrider:hunter2@db/mail";
        Configuration configuration = Configuration.of(values("", Map.of("POSTRIDER_DATABASE_URL", url)));
        assertEquals(url, configuration.database().url().orElseThrow().value());
        assertFalse(configuration.toString().contains("hunter2"));
        for (String key : List.of("POSTRIDER_HTTP_PORT", "POSTRIDER_NO_SUCH", "POSTRIDER_LOG_LEVEL")) {
            assertFalse(problems("", Map.of(key, url)).toString().contains("hunter2"), key);
        }
        assertFalse(problems("", Map.of("POSTRIDER_DATABASE_URL", "postgresql://p:hunter2@db:x/y"))
                .toString()
                .contains("hunter2"));
    }

    @Test
    void aFileThatIsNoConfigurationGivesOneLineEach() throws IOException {
        assertEquals(
                List.of("file line 1: expected keys and values, like \"hostname: mail.example.com\""),
                problems("- a\n- b\n", Map.of()));
        assertTrue(problems("http: [", Map.of()).get(0).startsWith("file line "));
        assertEquals(
                List.of("file line 1: a is given twice"),
                problems("{a: 1, a: 2}", Map.of()).subList(0, 1));
        assertEquals(
                List.of("file line 1: http.port: must be one value, not a list"),
                problems("http: {port: [1, 2]}", Map.of()));
        assertTrue(problems("&a {b: *a}", Map.of()).get(0).contains("nested too deeply"));
        Values missing = new Values();
        YamlFile.read(directory.resolve("none.yaml"), missing);
        assertTrue(assertThrows(ConfigurationException.class, () -> Configuration.of(missing))
                .getMessage()
                .endsWith("none.yaml: no such file"));
        Files.write(directory.resolve("latin1.yaml"), new byte[] {'#', (byte) 0xe9, '\n'});
        Values latin1 = new Values();
        YamlFile.read(directory.resolve("latin1.yaml"), latin1);
        assertTrue(latin1.problems().get(0).endsWith("not UTF-8"));
    }

    @Test
    void aServerNeedsADatabaseAndItsCertificate() throws IOException {
        assertEquals(
                List.of(
                        "database.url is not set",
                        "listeners.imaps.enabled: needs tls.certificate and tls.key; set them, or this to false",
                        "listeners.pop3s.enabled: needs tls.certificate and tls.key; set them, or this to false"),
                assertThrows(ConfigurationException.class, () -> Configuration.of(new Values())
                                .checkServable())
                        .problems());
        Path none = directory.resolve("none.pem");
        assertEquals(
                List.of("tls.certificate: there is no file " + none, "tls.key: there is no file " + none),
                assertThrows(ConfigurationException.class, () -> Configuration.of(values(
                                        "database: {url: \"postgresql://u@h/d\"}\ntls: {certificate: " + none
                                                + ", key: " + none + "}",
                                        Map.of()))
                                .checkServable())
                        .problems());
        assertEquals(
                List.of("tls.certificate and tls.key: give both or neither"),
                problems("tls: {key: " + none + "}", Map.of()));
    }

    private List<String> problems(String yaml, Map<String, String> environment) throws IOException {
        try {
            Configuration.of(values(yaml, environment));
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems().stream()
                    .map(problem ->
                            problem.replace(directory.resolve("postrider.yaml").toString(), "file"))
                    .toList();
        }
    }

    private Values values(String yaml, Map<String, String> environment) throws IOException {
        Path file = directory.resolve("postrider.yaml");
        Files.writeString(file, yaml);
        Values values = new Values();
        YamlFile.read(file, values);
        return values.environment(environment);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "passwords.argon2id=false,passwords.scram=false | passwords.argon2id and passwords.scram: one of them must be true",
                "passwords.scram-iterations=4095 | passwords.scram-iterations: must be a number from 4096 to 2000000",
                "oauth.issuer=https://i | oauth.issuer, oauth.audience and oauth.keys: give all three or none",
                "oauth.issuer=https://i,oauth.audience=a,oauth.keys=http://i.example/k | oauth.keys: must be https",
                "oauth.issuer=https://i,oauth.audience=a,oauth.keys=http://127.0.0.1.example/k | oauth.keys: must be https",
                "oauth.leeway=6m | oauth.leeway: must be from",
                "guessing.longest-delay=2m | guessing.longest-delay: must be from"
            })
    void whatWouldMakeLoginsUnsafeIsRefused(String options, String problem) {
        Values values = new Values();
        for (String option : options.strip().split(",")) {
            values.option("test", option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> Configuration.of(values));
        assertTrue(
                refused.problems().stream().anyMatch(each -> each.contains(problem)),
                String.valueOf(refused.problems()));
    }

    @Test
    void keysOfTokensMayComeByHttpFromThisMachineAlone() {
        for (String keys :
                List.of("http://127.0.0.1:8080/k", "http://localhost/k", "http://[::1]:1/k", "https://i/k", "/etc/k")) {
            Configuration.of(new Values()
                    .option("test", "oauth.issuer", "https://i")
                    .option("test", "oauth.audience", "a")
                    .option("test", "oauth.keys", keys));
        }
    }
}
