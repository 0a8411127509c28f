package io.postrider.server.trace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Takes spans as an OpenTelemetry collector does: by HTTP, protobuf in gzip. */
final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
    private final Map<String, String> resource = new TreeMap<>();
    private volatile int status = 200;

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    void answer(int with) {
        status = with;
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    /** What the node says of itself. */
    synchronized Map<String, String> resource() {
        return Map.copyOf(resource);
    }

    Span only(String name) {
        List<Span> named =
                spans.stream().filter(span -> span.getName().equals(name)).toList();
        if (named.size() != 1) {
            throw new AssertionError(named.size() + " spans " + name + " among " + names(spans()));
        }
        return named.get(0);
    }

    List<Span> within(Span parent) {
        return spans.stream()
                .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
                .toList();
    }

    static List<String> names(List<Span> spans) {
        return spans.stream().map(Span::getName).sorted().toList();
    }

    static Map<String, String> attributes(Span span) {
        return attributes(span.getAttributesList());
    }

    private static Map<String, String> attributes(List<KeyValue> list) {
        return list.stream().collect(Collectors.toMap(KeyValue::getKey, attribute -> text(attribute.getValue())));
    }

    private static String text(AnyValue value) {
        return value.hasIntValue() ? String.valueOf(value.getIntValue()) : value.getStringValue();
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] request = new GZIPInputStream(exchange.getRequestBody()).readAllBytes();
        if (status == 200) {
            ExportTraceServiceRequest.parseFrom(request).getResourceSpansList().forEach(of -> {
                synchronized (this) {
                    resource.putAll(attributes(of.getResource().getAttributesList()));
                }
                of.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
            });
        }
        byte[] response = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
        exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(status, response.length == 0 ? -1 : response.length);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
