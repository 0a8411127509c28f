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
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @Test
    void theApiSpeaksTls(@TempDir Path directory) {
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
            HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                    .setSsl(true)
                    .setTrustOptions(new PemTrustOptions()
                            .addCertPath(certificate.certificate().toString())));
            int status = await(client.request(HttpMethod.GET, api.port(), "localhost", "/api/v1/tenants")
                    .compose(request -> request.putHeader("authorization", "Bearer " + server.key)
                            .send()
                            .map(response -> response.statusCode())));
            assertEquals(200, status);
            await(client.close());
            await(api.close());
        } finally {
            await(vertx.close());
        }
    }
}
