package io.postrider.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most memory that a node was seen to hold: what it tells at /metrics, and what Linux counts. */
final class NodeMemory {
    private static final long LOOK_MILLIS = 500;

    private final HttpRequest metrics;
    private final Path status;
    private final HttpClient http = HttpClient.newHttpClient();
    private long heap;
    private long direct;
    private long resident;

    NodeMemory(int httpPort, long pid) {
        this.metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/metrics"))
                .build();
        this.status = Path.of("/proc/" + pid + "/status");
    }

    /** For so many seconds, from nothing. */
    void watch(int seconds) throws IOException, InterruptedException {
        heap = 0;
        direct = 0;
        resident = 0;
        for (long end = System.nanoTime() + seconds * 1_000_000_000L; System.nanoTime() < end; ) {
            look();
            Thread.sleep(LOOK_MILLIS);
        }
    }

    long heap() {
        return heap;
    }

    /** Netty's, and the JVM's own. */
    long direct() {
        return direct;
    }

    long resident() {
        return resident;
    }

    private void look() throws IOException, InterruptedException {
        double heapNow = 0;
        double directNow = 0;
        for (String line :
                http.send(metrics, HttpResponse.BodyHandlers.ofString()).body().split("\n")) {
            double value = line.startsWith("#") || line.indexOf(' ') < 0
                    ? 0
                    : Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            if (line.startsWith("jvm_memory_used_bytes{area=\"heap\"")) {
                heapNow += value;
            } else if (line.startsWith("postrider_direct_memory_bytes ")
                    || line.startsWith("jvm_buffer_memory_used_bytes{id=\"direct\"")) {
                directNow += Math.max(0, value);
            }
        }
        heap = Math.max(heap, (long) heapNow);
        direct = Math.max(direct, (long) directNow);
        resident = Math.max(resident, residentNow());
    }

    private long residentNow() throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS in " + status);
    }
}
