package io.postrider.imap;

import io.postrider.store.ThreadRow;
import java.util.Arrays;

/**
 * The messages of a THREAD, and dummies for those that are only referred to, in arrays: a million objects would take several
 * times as much. Nodes are numbered as they come.
 */
final class ThreadNodes {
    static final int NONE = -1;
    /** Above all dates there are: a dummy has none of its own. */
    private static final long NO_DATE = Long.MAX_VALUE;

    private int[] uids = new int[256];
    private long[] sent = new long[256];
    private long[] subjects = new long[256];
    private boolean[] replies = new boolean[256];
    private int count;

    /** Fails with LIMIT when there are too many. */
    int addMessage(ThreadRow message) {
        int node = addDummy();
        become(node, message);
        return node;
    }

    int addDummy() {
        if (count == ThreadBuilder.MAX_NODES) {
            throw ThreadBuilder.tooLarge();
        }
        if (count == uids.length) {
            int length = Math.min(2 * count, ThreadBuilder.MAX_NODES);
            uids = Arrays.copyOf(uids, length);
            sent = Arrays.copyOf(sent, length);
            subjects = Arrays.copyOf(subjects, length);
            replies = Arrays.copyOf(replies, length);
        }
        sent[count] = NO_DATE;
        return count++;
    }

    /** The dummy is this message. */
    void become(int node, ThreadRow message) {
        uids[node] = (int) message.uid();
        sent[node] = message.sentSeconds();
        subjects[node] = message.subject();
        replies[node] = message.reply();
    }

    int count() {
        return count;
    }

    boolean isDummy(int node) {
        return uids[node] == 0;
    }

    /** 0 for a dummy. */
    long uid(int node) {
        return Integer.toUnsignedLong(uids[node]);
    }

    /** 0 for none. */
    long subject(int node) {
        return subjects[node];
    }

    boolean isReply(int node) {
        return replies[node];
    }

    int[] all() {
        int[] all = new int[count];
        Arrays.setAll(all, i -> i);
        return all;
    }

    /** By sent date; what was sent at the same time in the order of the mailbox. RFC 5256 §2.2 */
    void sortByDate(int[] nodes) {
        sortByDate(nodes, 0, nodes.length, all());
    }

    /**
     * Sorts part of an array by merging, without an object for each.
     *
     * @param keys the nodes by whose dates each is put in order
     */
    void sortByDate(int[] nodes, int from, int to, int[] keys) {
        if (to - from > 1) {
            sort(nodes, from, to, keys, new int[to - from]);
        }
    }

    private void sort(int[] nodes, int from, int to, int[] keys, int[] spare) {
        if (to - from < 2) {
            return;
        }
        int middle = (from + to) >>> 1;
        sort(nodes, from, middle, keys, spare);
        sort(nodes, middle, to, keys, spare);
        if (compare(keys[nodes[middle - 1]], keys[nodes[middle]]) <= 0) {
            return;
        }
        int left = middle - from;
        System.arraycopy(nodes, from, spare, 0, left);
        int i = 0;
        int j = middle;
        for (int at = from; i < left; at++) {
            boolean takeRight = j < to && compare(keys[nodes[j]], keys[spare[i]]) < 0;
            nodes[at] = takeRight ? nodes[j++] : spare[i++];
        }
    }

    /** By sent date and place in the mailbox. */
    int compare(int a, int b) {
        int byDate = Long.compare(sent[a], sent[b]);
        return byDate != 0 ? byDate : Integer.compareUnsigned(uids[a], uids[b]);
    }
}
