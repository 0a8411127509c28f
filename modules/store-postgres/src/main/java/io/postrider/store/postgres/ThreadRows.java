package io.postrider.store.postgres;

import io.postrider.store.ThreadRow;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Unpacks what {@link MessageQueries#THREAD_ROWS} packs: one value for ten thousand messages instead of as many rows. */
final class ThreadRows {
    private static final int LONG = 8;
    private static final int INT = 4;

    private final Buffer packed;
    private int at;

    private ThreadRows(Buffer packed) {
        this.packed = packed;
    }

    /** @param packed null for none */
    static List<ThreadRow> of(Buffer packed) {
        List<ThreadRow> rows = new ArrayList<>();
        if (packed != null) {
            ThreadRows reader = new ThreadRows(packed);
            while (reader.at < packed.length()) {
                rows.add(reader.next());
            }
        }
        return rows;
    }

    private ThreadRow next() {
        long uid = nextLong();
        long sent = nextLong();
        long subject = nextLong();
        boolean reply = nextInt() != 0;
        long messageId = nextLong();
        long[] references = new long[nextInt()];
        for (int i = 0; i < references.length; i++) {
            references[i] = nextLong();
        }
        return new ThreadRow(uid, sent, subject, reply, messageId, references);
    }

    private long nextLong() {
        long value = packed.getLong(at);
        at += LONG;
        return value;
    }

    private int nextInt() {
        int value = packed.getInt(at);
        at += INT;
        return value;
    }
}
