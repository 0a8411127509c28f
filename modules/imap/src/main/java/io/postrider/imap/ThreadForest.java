package io.postrider.imap;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/**
 * Threads, ready to be told: who is whose child, and in which order. RFC 5256 §4
 *
 * <p>Never walks recursively, for a thread may be as deep as a mailbox is large.
 */
final class ThreadForest {
    private final ThreadNodes nodes;
    /** Children of node n stand in {@code children} from {@code firstChild[n]} up to {@code firstChild[n + 1]}. */
    private final int[] firstChild;

    private final int[] children;
    /** Those without parent, in order. */
    private final int[] roots;

    /**
     * @param parents of each node; NONE for a root; a dummy that has no child is left out
     * @param keys the nodes by whose dates roots are put in order
     */
    ThreadForest(ThreadNodes nodes, int[] parents, int[] keys) {
        this.nodes = nodes;
        this.firstChild = firstChildren(nodes.count(), parents);
        this.children = children(parents);
        this.roots = roots(parents, keys);
    }

    private static int[] firstChildren(int count, int[] parents) {
        int[] first = new int[count + 1];
        for (int node = 0; node < count; node++) {
            if (parents[node] != ThreadNodes.NONE) {
                first[parents[node] + 1]++;
            }
        }
        for (int node = 0; node < count; node++) {
            first[node + 1] += first[node];
        }
        return first;
    }

    private int[] children(int[] parents) {
        int count = nodes.count();
        int[] all = new int[firstChild[count]];
        int[] filled = Arrays.copyOf(firstChild, count);
        for (int node = 0; node < count; node++) {
            if (parents[node] != ThreadNodes.NONE) {
                all[filled[parents[node]]++] = node;
            }
        }
        int[] themselves = nodes.all();
        for (int node = 0; node < count; node++) {
            nodes.sortByDate(all, firstChild[node], firstChild[node + 1], themselves);
        }
        return all;
    }

    private int[] roots(int[] parents, int[] keys) {
        int[] found = IntStream.range(0, nodes.count())
                .filter(node -> parents[node] == ThreadNodes.NONE && (!nodes.isDummy(node) || hasChildren(node)))
                .toArray();
        nodes.sortByDate(found, 0, found.length, keys);
        return found;
    }

    private boolean hasChildren(int node) {
        return firstChild[node + 1] > firstChild[node];
    }

    /** @param number what the client calls the message with a UID */
    Writer writer(LongUnaryOperator number) {
        return new Writer(number);
    }

    /** Writes thread-data bit by bit. */
    final class Writer {
        private final LongUnaryOperator number;
        /** Lists that are open: the place in {@code children} of the next sibling to write, and the end. */
        private int[] open = new int[64];

        private int depth;
        private int root;
        private boolean first = true;

        private Writer(LongUnaryOperator number) {
            this.number = number;
        }

        /** Writes some messages; whether there are more. */
        boolean write(ResponseWriter out, int messages) {
            for (int written = 0; written < messages; written++) {
                if (depth == 0 && root == roots.length) {
                    return false;
                }
                if (depth == 0) {
                    out.raw(first ? " (" : "(");
                    first = false;
                    follow(out, roots[root++]);
                } else {
                    int at = open[2 * depth - 2]++;
                    out.raw("(");
                    follow(out, children[at]);
                }
                close(out);
            }
            return true;
        }

        /** Writes a message, and its only child behind it, and so on; opens the list of children where there are several. */
        private void follow(ResponseWriter out, int from) {
            int node = from;
            boolean start = true;
            while (true) {
                if (!nodes.isDummy(node)) {
                    out.raw(start ? "" : " ").number(number.applyAsLong(nodes.uid(node)));
                    start = false;
                }
                int many = firstChild[node + 1] - firstChild[node];
                if (many != 1) {
                    out.raw(start || many == 0 ? "" : " ");
                    push(firstChild[node], firstChild[node + 1]);
                    return;
                }
                node = children[firstChild[node]];
            }
        }

        /** Closes every list that has no more siblings to write. */
        private void close(ResponseWriter out) {
            while (depth > 0 && open[2 * depth - 2] == open[2 * depth - 1]) {
                depth--;
                out.raw(")");
            }
        }

        private void push(int from, int to) {
            if (2 * depth == open.length) {
                open = Arrays.copyOf(open, 2 * open.length);
            }
            open[2 * depth] = from;
            open[2 * depth + 1] = to;
            depth++;
        }
    }
}
