package io.postrider.admin;

import static io.postrider.admin.ApiServer.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postrider.net.sasl.Passwords;
import io.postrider.testkit.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @Test
    void theApiSpeaksTlsAndShowsANewCertificate(@TempDir Path directory) throws IOException {
        TestCertificate certificate = TestCertificate.create(directory, "localhost");
        Vertx vertx = Vertx.vertx();
        try (ApiServer server = new ApiServer()) {
            AdminApi api = await(AdminApi.open(
                    vertx,
                    server.store,
                    new Passwords(vertx),
                    "127.0.0.1",
                    0,
                    Optional.of(new AdminApi.Tls(certificate.certificate(), certificate.key()))));
            assertEquals(200, ask(vertx, api, server.key, certificate));
            TestCertificate renewed =
                    TestCertificate.create(Files.createDirectory(directory.resolve("new")), "localhost");
            Files.copy(renewed.certificate(), certificate.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(renewed.key(), certificate.key(), StandardCopyOption.REPLACE_EXISTING);
            await(api.renew());
            assertEquals(200, ask(vertx, api, server.key, renewed));
            Files.writeString(certificate.certificate(), "nonsense");
            await(api.renew());
            assertEquals(200, ask(vertx, api, server.key, renewed));
            await(api.close());
        } finally {
            await(vertx.close());
        }
    }

    /** Trusting that one certificate alone. */
    private static int ask(Vertx vertx, AdminApi api, String key, TestCertificate trusted) {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(trusted.certificate().toString())));
        int status = await(client.request(HttpMethod.GET, api.port(), "localhost", "/api/v1/tenants")
                .compose(request -> request.putHeader("authorization", "Bearer " + key)
                        .send()
                        .map(response -> response.statusCode())));
        await(client.close());
        return status;
    }
}
