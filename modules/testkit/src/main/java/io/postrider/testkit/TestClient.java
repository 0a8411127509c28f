package io.postrider.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A plain client for line protocols that waits for what it reads, up to ten seconds. Octets are ISO-8859-1 characters, so
 * that nothing is lost. Trusts every certificate.
 */
public final class TestClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private TestClient(Socket socket) throws IOException {
        use(socket);
    }

    public static TestClient connect(int port) {
        try {
            return new TestClient(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From another address of this machine: all of 127.0.0.0/8 is. */
    public static TestClient connectFrom(String address, int port) {
        try {
            return new TestClient(
                    new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestClient connectTls(int port) {
        return connect(port).startTls();
    }

    /** With a TLS of the caller's: sessions are resumed within one, and it may hold a certificate. */
    public static TestClient connectTls(int port, SSLContext tls) {
        return connect(port).startTls(tls);
    }

    /** Does the TLS handshake now; the protocol's command must have been answered. */
    public TestClient startTls() {
        return startTls(AnyCertificate.context());
    }

    private TestClient startTls(SSLContext context) {
        try {
            SSLSocket tls =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
            tls.setSoTimeout(TIMEOUT_MILLIS);
            tls.startHandshake();
            use(tls);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compresses from now on, and takes what comes for compressed; the protocol's command must have been answered. */
    public TestClient compress() {
        in = new BufferedInputStream(new InflaterInputStream(in, new Inflater(true)), 64 << 10);
        out = new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true), 8192, true);
        return this;
    }

    /** Compresses no more; nothing may be on its way. */
    public TestClient endCompression() {
        try {
            use(socket);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a line and CRLF. */
    public TestClient send(String line) {
        return sendRaw(line + "\r\n");
    }

    public TestClient sendRaw(String octets) {
        return sendRaw(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    public TestClient sendRaw(byte[] octets) {
        try {
            out.write(octets);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends no more, and may still read: what `nc -N` does at the end of its input. */
    public TestClient endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line without its CRLF. */
    public String line() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = in.read(); ; octet = in.read()) {
                if (octet < 0) {
                    throw new IllegalStateException(
                            "closed after \"" + line.toString(StandardCharsets.ISO_8859_1) + "\"");
                }
                if (octet == '\n') {
                    String text = line.toString(StandardCharsets.ISO_8859_1);
                    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                }
                line.write(octet);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many octets. */
    public byte[] octets(int count) {
        try {
            byte[] octets = in.readNBytes(count);
            if (octets.length < count) {
                throw new IllegalStateException("closed after " + octets.length + " of " + count + " octets");
            }
            return octets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines up to and with the first that satisfies the end. */
    public List<String> linesUntil(Predicate<String> end) {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(line());
        } while (!end.test(lines.get(lines.size() - 1)));
        return lines;
    }

    /** Sends an IMAP command with a tag of its own and gives all lines of the answer, the tagged one last. */
    public List<String> imap(String command) {
        String tag = "t" + Long.toString(System.nanoTime(), 36);
        send(tag + " " + command);
        return linesUntil(line -> line.startsWith(tag + " ")).stream()
                .map(line -> line.startsWith(tag + " ") ? line.substring(tag.length() + 1) : line)
                .toList();
    }

    /** Whether a line has come, or comes within the time, without taking it. */
    public boolean hasInput(int millis) {
        try {
            in.mark(1);
            socket.setSoTimeout(Math.max(1, millis));
            try {
                return in.read() >= 0;
            } catch (java.net.SocketTimeoutException e) {
                return false;
            } finally {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                in.reset();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the server closes, and gives what it still sent. */
    public String expectClosed() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketTimeoutException e) {
            throw new IllegalStateException("still open after " + TIMEOUT_MILLIS + " ms", e);
        } catch (java.net.SocketException | javax.net.ssl.SSLException | java.io.EOFException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void use(Socket newSocket) throws IOException {
        socket = newSocket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
        out = socket.getOutputStream();
    }
}
