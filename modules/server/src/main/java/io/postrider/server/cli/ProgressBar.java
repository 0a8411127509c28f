package io.postrider.server.cli;

import java.io.PrintWriter;

/** How far long work has come: a bar that fills on a terminal, a line now and then elsewhere. */
final class ProgressBar {
    private static final int WIDTH = 40;
    /** Lines where there is no terminal. */
    private static final int LINES = 20;

    private final PrintWriter out;
    private final int total;
    private final int step;
    private final boolean terminal = System.console() != null;
    private int done;
    private int told;

    ProgressBar(PrintWriter out, int total) {
        this.out = out;
        this.total = total;
        this.step = Math.max(1, total / (terminal ? 10 * WIDTH : LINES));
    }

    void add(int more) {
        done += more;
        if (done < told + step && done < total || done == told) {
            return;
        }
        told = done;
        if (terminal) {
            int filled = (int) Math.min(WIDTH, (long) WIDTH * done / total);
            out.print("\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + done + "/" + total
                    + (done >= total ? "\n" : ""));
        } else {
            out.println(done + " of " + total);
        }
        out.flush();
    }
}
