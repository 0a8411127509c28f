package io.postrider.imap;

import static io.postrider.imap.ThreadNodes.NONE;

import io.postrider.imap.ThreadCommand.Algorithm;
import io.postrider.store.ThreadRow;
import java.util.Arrays;

/**
 * REFERENCES, whose steps the numbers name (RFC 5256 §3), and REFS, which leaves out step 5 and puts the thread with the
 * newest message last.
 */
final class ReferenceThreads implements ThreadBuilder {
    /** Steps taken up the trees to find loops, in one THREAD: who writes messages to make it slow gets LIMIT. */
    private static final long MAX_STEPS = 200_000_000L;

    private final Algorithm algorithm;
    private final ThreadNodes nodes = new ThreadNodes();
    private final LongIndex byMessageId = new LongIndex();
    private int[] parents = new int[256];
    /** Nodes that were ever linked are in one group, named by its root here: what is in two cannot make a loop. */
    private int[] groups = new int[256];

    private long steps;

    ReferenceThreads(Algorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** (1) */
    @Override
    public void add(ThreadRow message) {
        int node = node(message);
        int last = NONE;
        for (long reference : message.references()) {
            int next = byMessageId.get(reference);
            if (next == LongIndex.ABSENT) {
                next = grown(nodes.addDummy());
                byMessageId.put(reference, next);
            }
            if (last != NONE && parents[next] == NONE) {
                link(last, next);
            }
            last = next;
        }
        // (B): what others say of its parent counts less than what it says itself.
        if (parents[node] != last) {
            parents[node] = NONE;
            if (last != NONE) {
                link(last, node);
            }
        }
    }

    private int node(ThreadRow message) {
        int known = message.messageId() == 0 ? LongIndex.ABSENT : byMessageId.get(message.messageId());
        if (known != LongIndex.ABSENT && nodes.isDummy(known)) {
            nodes.become(known, message);
            return known;
        }
        int node = grown(nodes.addMessage(message));
        if (message.messageId() != 0 && known == LongIndex.ABSENT) {
            byMessageId.put(message.messageId(), node);
        }
        return node;
    }

    private int grown(int node) {
        if (node >= parents.length) {
            parents = Arrays.copyOf(parents, 2 * parents.length);
            groups = Arrays.copyOf(groups, 2 * groups.length);
        }
        parents[node] = NONE;
        groups[node] = node;
        return node;
    }

    /** Unless that would be a loop. */
    private void link(int parent, int child) {
        int group = group(parent);
        int other = group(child);
        if (group != other || !isAbove(child, parent)) {
            parents[child] = parent;
            groups[other] = group;
        }
    }

    private int group(int node) {
        int at = node;
        while (groups[at] != at) {
            groups[at] = groups[groups[at]];
            at = groups[at];
        }
        return at;
    }

    private boolean isAbove(int node, int below) {
        for (int at = below; at != NONE; at = parents[at]) {
            if (at == node) {
                return true;
            }
            if (++steps > MAX_STEPS) {
                throw ThreadBuilder.tooLarge();
            }
        }
        return false;
    }

    @Override
    public ThreadForest build() {
        prune();
        if (algorithm == Algorithm.REFS) {
            return new ThreadForest(nodes, parents, newestOfEach());
        }
        gatherSubjects();
        return new ThreadForest(nodes, parents, firstOfEach());
    }

    /**
     * (2), (3): a message becomes the child of the next message above it. Where there are only dummies above, it becomes the
     * child of the highest, unless that has no other.
     */
    private void prune() {
        int count = nodes.count();
        int[] pruned = new int[count];
        int[] childrenOfDummy = new int[count];
        Arrays.fill(pruned, NONE);
        int[] above = new int[count];
        Arrays.fill(above, NONE);
        for (int node = 0; node < count; node++) {
            if (!nodes.isDummy(node) && parents[node] != NONE) {
                pruned[node] = kept(parents[node], above);
                if (nodes.isDummy(pruned[node])) {
                    childrenOfDummy[pruned[node]]++;
                }
            }
        }
        for (int node = 0; node < count; node++) {
            int parent = pruned[node];
            if (parent != NONE && nodes.isDummy(parent) && childrenOfDummy[parent] == 1) {
                pruned[node] = NONE;
            }
        }
        parents = pruned;
    }

    /**
     * The node itself, if it is a message, or the next message above it, or else the highest dummy.
     *
     * @param above what has been found so for dummies
     */
    private int kept(int node, int[] above) {
        int at = node;
        while (nodes.isDummy(at) && above[at] == NONE && parents[at] != NONE) {
            at = parents[at];
        }
        int found = nodes.isDummy(at) && above[at] != NONE ? above[at] : at;
        for (int below = node; below != at; below = parents[below]) {
            above[below] = found;
        }
        return found;
    }

    /** (4), (5) */
    private void gatherSubjects() {
        int[] first = firstOfEach();
        int[] roots = new int[nodes.count()];
        int count = 0;
        for (int node = 0; node < roots.length; node++) {
            // A dummy without children has no first message.
            if (parents[node] == NONE && !nodes.isDummy(first[node])) {
                roots[count++] = node;
            }
        }
        roots = Arrays.copyOf(roots, count);
        nodes.sortByDate(roots, 0, count, first);
        LongIndex table = subjectTable(roots, first);
        int[] merged = new int[nodes.count()];
        Arrays.fill(merged, NONE);
        for (int root : roots) {
            long subject = nodes.subject(first[root]);
            int other = subject == 0 ? root : table.get(subject);
            if (other != root) {
                merge(root, other, subject, table, merged);
            }
        }
        for (int node = 0; node < merged.length; node++) {
            int parent = parents[node];
            if (parent != NONE && parent < merged.length && merged[parent] != NONE) {
                parents[node] = merged[parent];
            }
        }
    }

    /** (5)(B) */
    private LongIndex subjectTable(int[] roots, int[] first) {
        LongIndex table = new LongIndex();
        for (int root : roots) {
            long subject = nodes.subject(first[root]);
            if (subject == 0) {
                continue;
            }
            int other = table.putIfAbsent(subject, root);
            boolean better = nodes.isDummy(root) || nodes.isReply(other) && !nodes.isReply(root);
            if (!nodes.isDummy(other) && better) {
                table.put(subject, root);
            }
        }
        return table;
    }

    /** (5)(C), the rules from the first to the last. */
    private void merge(int root, int other, long subject, LongIndex table, int[] merged) {
        if (nodes.isDummy(root) && nodes.isDummy(other)) {
            merged[root] = other;
        } else if (nodes.isDummy(other) || nodes.isReply(root) && !nodes.isReply(other)) {
            parents[root] = other;
        } else {
            int dummy = grown(nodes.addDummy());
            parents[root] = dummy;
            parents[other] = dummy;
            table.put(subject, dummy);
        }
    }

    /** A message itself; of a dummy the child that was sent first, or itself where it has none. */
    private int[] firstOfEach() {
        int[] first = nodes.all();
        for (int node = 0; node < first.length; node++) {
            int parent = parents[node];
            if (parent != NONE && nodes.isDummy(parent) && nodes.compare(node, first[parent]) < 0) {
                first[parent] = node;
            }
        }
        return first;
    }

    /** Of each root the newest message of its thread. */
    private int[] newestOfEach() {
        int[] newest = nodes.all();
        int[] rootOf = nodes.all();
        for (int node = 0; node < newest.length; node++) {
            int root = node;
            while (rootOf[root] == root && parents[root] != NONE) {
                root = parents[root];
            }
            root = rootOf[root];
            for (int at = node; at != root && rootOf[at] == at; at = parents[at]) {
                rootOf[at] = root;
            }
            boolean none = nodes.isDummy(newest[root]);
            if (!nodes.isDummy(node) && (none || nodes.compare(node, newest[root]) > 0)) {
                newest[root] = node;
            }
        }
        return newest;
    }
}
