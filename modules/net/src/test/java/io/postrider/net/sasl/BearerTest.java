package io.postrider.net.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.net.ProtocolServer;
import io.postrider.testkit.TestClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bearer tokens, made here by hand, and an issuer that serves its keys by HTTP and changes them. */
class BearerTest {
    private static final String ISSUER = "https://issuer.example/realm";
    private static final String INVALID = "{\"status\":\"invalid_token\"}";

    @TempDir
    static Path files;

    private static SaslFixture fixture;
    private static HttpServer issuer;
    private static KeyPair rsa;
    private static KeyPair ec;
    private static volatile JsonArray published;
    private static volatile int status;
    private static final AtomicInteger fetched = new AtomicInteger();

    private ProtocolServer server;

    @BeforeAll
    static void start() throws Exception {
        fixture = new SaslFixture();
        fixture.add("alice@example.com", "wonderland");
        fixture.add("carol@example.com", "suspended");
        fixture.database.execute("update account set active = false where address = 'carol@example.com'");
        rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        KeyPairGenerator ecGenerator = KeyPairGenerator.getInstance("EC");
        ecGenerator.initialize(new ECGenParameterSpec("secp256r1"));
        ec = ecGenerator.generateKeyPair();
        issuer = SaslFixture.await(fixture.vertx
                .createHttpServer()
                .requestHandler(request -> {
                    fetched.incrementAndGet();
                    request.response()
                            .setStatusCode(status)
                            .end(new JsonObject().put("keys", published).encode());
                })
                .listen(0, "127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @BeforeEach
    void publish() {
        status = 200;
        fetched.set(0);
        published = new JsonArray()
                .add(new JsonObject().put("kty", "oct").put("kid", "shared").put("k", "c2VjcmV0"))
                .add(new JsonObject().put("kty", "quantum"))
                .add("nonsense")
                .add(rsaKey("one"))
                .add(ecKey("two"));
        server = serve("http://127.0.0.1:" + issuer.actualPort() + "/keys", Duration.ZERO);
    }

    @Test
    void aTokenOfTheIssuersIsALogin() throws Exception {
        assertEquals("OK alice@example.com", bearer("alice@example.com", rs256("one", claims())));
        assertEquals("OK alice@example.com", bearer("", rs256("one", claims())));
        assertEquals("OK alice@example.com", bearer("Alice@EXAMPLE.com", es256("two", claims())));
        assertEquals("OK alice@example.com", xoauth2("alice@example.com", es256("two", claims())));
        assertEquals("OK alice@example.com", xoauth2("alice@example.com", rs256(null, claims())));
        JsonObject many = claims().put("aud", new JsonArray().add("calendar").add("mail"));
        assertEquals("OK alice@example.com", bearer("", rs256("one", many)));
        assertEquals(1, fetched.get(), "the keys are fetched once");
    }

    @Test
    void whatIsNotForUsOrRanOutIsRefusedAndTheClientToldInJson() throws Exception {
        long now = System.currentTimeMillis() / 1000;
        for (UnaryOperator<JsonObject> change : List.<UnaryOperator<JsonObject>>of(
                c -> c.put("iss", "https://other.example"),
                c -> c.put("iss", 7),
                c -> c.put("aud", "calendar"),
                c -> without(c, "aud"),
                c -> without(c, "iss"),
                c -> without(c, "exp"),
                c -> without(c, "email"),
                c -> c.put("exp", "never"),
                c -> c.put("exp", now - 40),
                c -> c.put("nbf", now + 40),
                c -> c.put("iat", now + 40),
                c -> c.put("email", new JsonArray().add("alice@example.com")),
                c -> c.put("email", "nobody@example.com"))) {
            JsonObject claims = change.apply(claims());
            assertEquals(INVALID + " INVALID", bearer("", rs256("one", claims)), claims.encode());
        }
        assertEquals("OK alice@example.com", bearer("", rs256("one", claims().put("exp", now - 10))), "clocks differ");
        assertEquals("OK alice@example.com", bearer("", rs256("one", claims().put("nbf", now + 10))));
        assertEquals(INVALID + " INVALID", bearer("bob@example.com", rs256("one", claims())));
        assertEquals(
                "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"\"} INVALID",
                xoauth2("bob@example.com", rs256("one", claims())));
        assertEquals(INVALID + " FORBIDDEN", bearer("", rs256("one", claims().put("email", "carol@example.com"))));
    }

    @Test
    void aTokenCannotChooseHowItIsChecked() throws Exception {
        String unsigned = base64Url("{\"alg\":\"none\"}") + "." + base64Url(claims().encode());
        for (String none : List.of(unsigned, unsigned + ".", unsigned + ".AAAA", "a.b.c", "a.b", "abc")) {
            assertEquals(INVALID + " INVALID", bearer("", none), none);
        }
        // By an HMAC whose secret everybody knows.
        assertEquals(
                INVALID + " INVALID", bearer("", hs256("one", rsa.getPublic().getEncoded())));
        assertEquals(INVALID + " INVALID", bearer("", hs256("shared", "secret".getBytes(StandardCharsets.US_ASCII))));
        String good = rs256("one", claims());
        String body = base64Url(claims().put("email", "bob@example.com").encode());
        String[] parts = good.split("\\.");
        assertEquals(INVALID + " INVALID", bearer("", parts[0] + "." + body + "." + parts[2]));
        // Signed by one key, naming another.
        assertEquals(INVALID + " INVALID", bearer("", rs256("two", claims())));
        JsonObject embedded =
                new JsonObject().put("alg", "RS256").put("jwk", rsaKey("x")).put("kid", "x");
        assertEquals(INVALID + " INVALID", bearer("", signed(embedded, claims(), rsa, "SHA256withRSA")));
    }

    @Test
    void theIssuerChangesItsKeys() throws Exception {
        KeyPair old = rsa;
        assertEquals("OK alice@example.com", bearer("", rs256("one", claims())));
        rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        try {
            published = new JsonArray().add(rsaKey("three"));
            assertEquals("OK alice@example.com", bearer("", rs256("three", claims())));
            assertEquals(2, fetched.get(), "a key nobody knew is asked for");
            KeyPair current = rsa;
            rsa = old;
            assertEquals(INVALID + " INVALID", bearer("", rs256("one", claims())), "the old one is good no more");
            rsa = current;
            status = 500;
            assertEquals(INVALID + " INVALID", bearer("", rs256("four", claims())));
            assertEquals("OK alice@example.com", bearer("", rs256("three", claims())), "the last ones serve");
        } finally {
            rsa = old;
        }
    }

    @Test
    void tokensWithMadeUpKeysDoNotMakeUsAskAllTheTime() throws Exception {
        server = serve("http://127.0.0.1:" + issuer.actualPort() + "/keys", Duration.ofMinutes(1));
        for (int i = 0; i < 5; i++) {
            assertEquals(INVALID + " INVALID", bearer("", rs256("made-up-" + i, claims())));
        }
        assertEquals(1, fetched.get());
    }

    @Test
    void whileTheKeysCannotBeHadAtAllItIsOurFault() throws Exception {
        status = 503;
        assertTrue(bearer("", rs256("one", claims())).contains("tokens cannot be checked now"));
        status = 200;
        assertEquals("OK alice@example.com", bearer("", rs256("one", claims())));
    }

    @Test
    void keysMayBeInAFile() throws Exception {
        Path file = files.resolve("keys.json");
        Files.writeString(
                file,
                new JsonObject().put("keys", new JsonArray().add(ecKey("two"))).encode());
        server = serve(file.toString(), Duration.ZERO);
        assertEquals("OK alice@example.com", bearer("", es256("two", claims())));
        assertEquals(INVALID + " INVALID", bearer("", rs256("one", claims())));
        Files.writeString(
                file,
                new JsonObject().put("keys", new JsonArray().add(rsaKey("one"))).encode());
        assertEquals("OK alice@example.com", bearer("", rs256("one", claims())));
    }

    @Test
    void whatIsNoBearerMessageIsMalformed() {
        try (TestClient client = connect()) {
            for (String message : List.of(
                    "",
                    "x",
                    "n,,",
                    "n,,\u0001\u0001",
                    "n,,\u0001host=x\u0001\u0001",
                    "n,,\u0001auth=Basic abc\u0001\u0001",
                    "n,,\u0001auth=Bearer \u0001\u0001",
                    "n,,\u0001auth=Bearer abc\u0001",
                    "p=tls-exporter,,\u0001auth=Bearer abc\u0001\u0001",
                    "n,a=al=ice,\u0001auth=Bearer abc\u0001\u0001")) {
                client.send("AUTH OAUTHBEARER " + (message.isEmpty() ? "=" : base64(message)));
                assertEquals("MALFORMED", client.line(), message);
            }
            client.send("AUTH XOAUTH2 " + base64("user=alice@example.com\u0001\u0001"));
            assertEquals("MALFORMED", client.line());
            client.send("AUTH OAUTHBEARER");
            assertEquals("+ ", client.line());
            client.send("*");
            assertEquals("CANCELLED", client.line());
        }
    }

    private String bearer(String name, String token) {
        String authorization = name.isEmpty() ? "" : "a=" + name;
        return login(
                "OAUTHBEARER",
                "n," + authorization + ",\u0001host=mail.example.com\u0001port=143\u0001auth=Bearer " + token
                        + "\u0001\u0001");
    }

    private String xoauth2(String name, String token) {
        return login("XOAUTH2", "user=" + name + "\u0001auth=Bearer " + token + "\u0001\u0001");
    }

    /** "OK address", or the JSON of the refusal and its kind. */
    private String login(String mechanism, String message) {
        try (TestClient client = connect()) {
            client.send("AUTH " + mechanism + " " + base64(message));
            String answer = client.line();
            if (!answer.startsWith("+ ")) {
                return answer;
            }
            client.send(mechanism.equals("XOAUTH2") ? "" : base64("\u0001"));
            return new String(Base64.getDecoder().decode(answer.substring(2)), StandardCharsets.UTF_8) + " "
                    + client.line();
        }
    }

    private TestClient connect() {
        TestClient client = TestClient.connect(server.port());
        assertEquals("* SCRAM-SHA-256 OAUTHBEARER XOAUTH2 PLAIN LOGIN", client.line());
        return client;
    }

    private static ProtocolServer serve(String keys, Duration soonest) {
        TokenOptions options = new TokenOptions(ISSUER, "mail", keys, "email", Duration.ofSeconds(30));
        Authenticator authenticator =
                new Authenticator(fixture.vertx, fixture.store, fixture.registry, fixture.passwords, GuessLimits.NONE);
        Sasl sasl = new Sasl(authenticator, Optional.of(new Tokens(fixture.vertx, options, soonest)));
        return fixture.serve(ListenerOptions.loopback("test", Tls.NONE), new SaslProtocol(sasl), null);
    }

    private static JsonObject claims() {
        long now = System.currentTimeMillis() / 1000;
        return new JsonObject()
                .put("iss", ISSUER)
                .put("aud", "mail")
                .put("sub", "0815")
                .put("email", "alice@example.com")
                .put("iat", now)
                .put("exp", now + 300);
    }

    private static JsonObject without(JsonObject claims, String name) {
        claims.remove(name);
        return claims;
    }

    private static String rs256(String key, JsonObject claims) throws GeneralSecurityException {
        return signed(header("RS256", key), claims, rsa, "SHA256withRSA");
    }

    private static String es256(String key, JsonObject claims) throws GeneralSecurityException {
        return signed(header("ES256", key), claims, ec, "SHA256withECDSAinP1363Format");
    }

    private static String hs256(String key, byte[] secret) throws GeneralSecurityException {
        String text = base64Url(header("HS256", key).encode()) + "." + base64Url(claims().encode());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return text + "." + base64Url(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static JsonObject header(String algorithm, String key) {
        JsonObject header = new JsonObject().put("alg", algorithm).put("typ", "JWT");
        return key == null ? header : header.put("kid", key);
    }

    private static String signed(JsonObject header, JsonObject claims, KeyPair pair, String algorithm)
            throws GeneralSecurityException {
        String text = base64Url(header.encode()) + "." + base64Url(claims.encode());
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + base64Url(signature.sign());
    }

    private static JsonObject rsaKey(String id) {
        RSAPublicKey key = (RSAPublicKey) rsa.getPublic();
        return new JsonObject()
                .put("kty", "RSA")
                .put("use", "sig")
                .put("kid", id)
                .put("n", base64Url(unsigned(key.getModulus(), key.getModulus().bitLength() / 8)))
                .put("e", base64Url(key.getPublicExponent().toByteArray()));
    }

    private static JsonObject ecKey(String id) {
        ECPublicKey key = (ECPublicKey) ec.getPublic();
        return new JsonObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("alg", "ES256")
                .put("kid", id)
                .put("x", base64Url(unsigned(key.getW().getAffineX(), 32)))
                .put("y", base64Url(unsigned(key.getW().getAffineY(), 32)));
    }

    private static byte[] unsigned(BigInteger number, int octets) {
        byte[] given = number.toByteArray();
        byte[] result = new byte[octets];
        int from = Math.max(0, given.length - octets);
        byte[] significant = Arrays.copyOfRange(given, from, given.length);
        System.arraycopy(significant, 0, result, octets - significant.length, significant.length);
        return result;
    }

    private static String base64Url(String text) {
        return base64Url(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64Url(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
