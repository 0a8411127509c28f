package io.postrider.net;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.testkit.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of a running listener share: a Vert.x, an echo, and its end. */
abstract class ServerTest {
    /** More than the cores some machines have: what several event loops break shows with two. */
    static final int INSTANCES = 2;

    /** Longer than a test waits. */
    static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final EchoProtocol echo = new EchoProtocol();
    private TlsContexts contexts;

    ProtocolServer start(Tls tls) {
        return start(options(tls));
    }

    ProtocolServer start(ListenerOptions options) {
        return await(ProtocolServer.start(vertx, options, echo, contexts(), registry));
    }

    static ListenerOptions options(Tls tls) {
        return ListenerOptions.loopback("echo", tls).withInstances(INSTANCES);
    }

    TlsContexts contexts() {
        if (contexts == null) {
            TestCertificate certificate = TestCertificate.create(directory, "localhost");
            contexts = TlsContexts.load(certificate.certificate(), certificate.key());
        }
        return contexts;
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never: " + what);
            }
            pause(10);
        }
    }

    static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    double count(String meter, String... tags) {
        return registry.get(meter).tags(tags).counter().count();
    }

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }
}
