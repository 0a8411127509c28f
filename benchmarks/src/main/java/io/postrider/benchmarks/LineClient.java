package io.postrider.benchmarks;

import io.postrider.testkit.AnyCertificate;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A blocking connection that reads lines cheaply: the client shares the cores with what it measures. */
final class LineClient implements AutoCloseable {
    /** A million messages take a while to copy. */
    private static final int TIMEOUT_MILLIS = 900_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[64 << 10];
    private int start;
    private int end;

    LineClient(String host, int port) throws IOException {
        this(new Socket(host, port));
    }

    /** By TLS, with a whole handshake: nothing is remembered from earlier ones. */
    static LineClient tls(String host, int port) throws IOException {
        return new LineClient(AnyCertificate.context().getSocketFactory().createSocket(host, port));
    }

    private LineClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    void send(String line) throws IOException {
        send((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] octets) throws IOException {
        out.write(octets);
    }

    /** The next line without its end. */
    String line() throws IOException {
        StringBuilder line = null;
        while (true) {
            for (int i = start; i < end; i++) {
                if (buffer[i] == '\n') {
                    int length = i > start && buffer[i - 1] == '\r' ? i - 1 - start : i - start;
                    String tail = new String(buffer, start, length, StandardCharsets.ISO_8859_1);
                    start = i + 1;
                    return line == null ? tail : strip(line.append(tail));
                }
            }
            line = line == null ? new StringBuilder() : line;
            line.append(new String(buffer, start, end - start, StandardCharsets.ISO_8859_1));
            fill();
        }
    }

    /** Passes over so many octets. */
    void skip(long octets) throws IOException {
        long left = octets;
        while (left > 0) {
            if (start == end) {
                fill();
            }
            int step = (int) Math.min(left, end - start);
            start += step;
            left -= step;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static String strip(StringBuilder line) {
        int last = line.length() - 1;
        return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
    }

    private void fill() throws IOException {
        start = 0;
        end = Math.max(0, in.read(buffer));
        if (end == 0) {
            throw new EOFException("the server closed the connection");
        }
    }
}
