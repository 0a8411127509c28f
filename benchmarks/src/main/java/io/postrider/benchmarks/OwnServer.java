package io.postrider.benchmarks;

import java.io.IOException;

/** A server that this program starts, and stops. */
abstract class OwnServer implements Server {
    private Daemon daemon;

    /** The process, once it serves. */
    abstract Daemon launched() throws IOException;

    /** What it knows besides what it has to keep, and would find again, is thrown away while it stands still. */
    void forget() throws IOException {}

    final void start() throws IOException {
        daemon = launched();
    }

    /** Stopped and started again, so that it knows no more than what it has to keep. */
    final void restart() throws IOException {
        close();
        forget();
        start();
    }

    final long pid() {
        return daemon.pid();
    }

    @Override
    public final void close() {
        daemon.stop();
    }
}
