package io.postrider.server.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.postrider.server.Version;
import io.postrider.server.config.Configuration;
import io.postrider.store.Span;
import io.postrider.store.Traces;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends one command of so many, with all within it, to a collector by OTLP over HTTP. The collector is never waited for: spans
 * gather in a bounded queue, a thread of the exporter's own sends them, and what does not fit is lost.
 */
public final class OtlpTraces implements Traces {
    /** Spans that wait to be sent; the next are lost. */
    static final int MAX_WAITING = 16_384;

    private static final int BATCH = 1024;
    private static final Duration SEND_EVERY = Duration.ofSeconds(1);
    /** For one batch, tries included; also for the last ones when the node stops. */
    private static final Duration SEND_TIME = Duration.ofSeconds(3);

    private final int oneIn;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private OtlpTraces(int oneIn, SdkTracerProvider provider) {
        this.oneIn = oneIn;
        this.provider = provider;
        this.tracer = provider.get("io.postrider", Version.NUMBER);
    }

    /** @param hostname of this node */
    public static Traces open(Configuration.Traces options, String hostname) {
        TellingExporter exporter = new TellingExporter(OtlpHttpSpanExporter.builder()
                .setEndpoint(options.endpoint().orElseThrow().toString())
                .setTimeout(SEND_TIME)
                .setConnectTimeout(SEND_TIME)
                .setRetryPolicy(null)
                .setCompression("gzip")
                .build());
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.builder()
                                .put("service.name", "postrider")
                                .put("service.version", Version.NUMBER)
                                .put("service.instance.id", UUID.randomUUID().toString())
                                .put("host.name", hostname)
                                .build())))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(MAX_WAITING)
                        .setMaxExportBatchSize(BATCH)
                        .setScheduleDelay(SEND_EVERY)
                        .setExporterTimeout(SEND_TIME)
                        .build())
                .build();
        return new OtlpTraces(options.oneIn(), provider);
    }

    @Override
    public Span command(String protocol) {
        if (oneIn > 1 && ThreadLocalRandom.current().nextInt(oneIn) > 0) {
            return null;
        }
        return new OtlpSpan(
                tracer,
                tracer.spanBuilder(protocol)
                        .setNoParent()
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute("postrider.protocol", protocol)
                        .startSpan());
    }

    @Override
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        provider.shutdown().whenComplete(closed::tryComplete);
        return closed.future()
                .timeout(SEND_TIME.toMillis(), TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }
}
