package io.postrider.imap;

import io.postrider.store.ThreadRow;

/** ORDEREDSUBJECT: a thread is what has the same base subject, all but its first message side by side. RFC 5256 §3 */
final class SubjectThreads implements ThreadBuilder {
    private final ThreadNodes nodes = new ThreadNodes();

    @Override
    public void add(ThreadRow message) {
        nodes.addMessage(message);
    }

    @Override
    public ThreadForest build() {
        int[] byDate = nodes.all();
        nodes.sortByDate(byDate);
        LongIndex threads = new LongIndex();
        int[] parents = new int[nodes.count()];
        for (int node : byDate) {
            // The first of its subject is the root of all others. No subject is a subject too.
            int first = threads.putIfAbsent(nodes.subject(node), node);
            parents[node] = first == node ? ThreadNodes.NONE : first;
        }
        return new ThreadForest(nodes, parents, nodes.all());
    }
}
