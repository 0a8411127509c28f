package io.postrider.server.trace;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.postrider.store.Span;

/** A span of OpenTelemetry's. Its parent is passed on by hand: threads here serve thousands of connections each. */
final class OtlpSpan implements Span {
    private final Tracer tracer;
    private final io.opentelemetry.api.trace.Span span;

    OtlpSpan(Tracer tracer, io.opentelemetry.api.trace.Span span) {
        this.tracer = tracer;
        this.span = span;
    }

    @Override
    public Span part(String name) {
        return begin(name, SpanKind.INTERNAL);
    }

    @Override
    public Span statement(String name) {
        return begin(name, SpanKind.CLIENT).tell("db.system.name", "postgresql").tell("db.query.summary", name);
    }

    @Override
    public Span named(String name) {
        span.updateName(name);
        return this;
    }

    @Override
    public Span tell(String key, String value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public Span tell(String key, long value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public void end(String outcome) {
        span.setAttribute("postrider.outcome", outcome);
        if (outcome.equals("failed")) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    private Span begin(String name, SpanKind kind) {
        return new OtlpSpan(
                tracer,
                tracer.spanBuilder(name)
                        .setParent(Context.root().with(span))
                        .setSpanKind(kind)
                        .startSpan());
    }
}
