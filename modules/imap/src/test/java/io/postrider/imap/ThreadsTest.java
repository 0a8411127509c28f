package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postrider.imap.ThreadCommand.Algorithm;
import io.postrider.store.ThreadRow;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    /** RFC 5256 §4: the tree and how it is written. */
    @Test
    void treeOfTheRfc() {
        ThreadBuilder threads = new ReferenceThreads(Algorithm.REFERENCES);
        threads.add(row(2, 0, 0));
        threads.add(row(3, 1, 0));
        threads.add(row(4, 2, 0, 3, 6));
        threads.add(row(6, 3, 0, 3));
        threads.add(row(7, 4, 0, 3, 6, 44));
        threads.add(row(23, 5, 0, 4));
        threads.add(row(44, 6, 0, 6));
        threads.add(row(96, 7, 0, 7));
        assertEquals(" (2)(3 6 (4 23)(44 7 96))", written(threads, 1));
        assertEquals(" (2)(3 6 (4 23)(44 7 96))", written(threads, 1000));
    }

    @Test
    void siblingsOfAMissingMessageStayTogetherAndALonelyOneIsARoot() {
        ThreadBuilder threads = new ReferenceThreads(Algorithm.REFERENCES);
        threads.add(row(3, 1, 0, 99));
        threads.add(row(5, 2, 0, 99));
        threads.add(row(6, 3, 0, 98, 97));
        assertEquals(" ((3)(5))(6)", written(threads, 10));
    }

    /** RFC 5256 §3, step 5: each of its rules. */
    @Test
    void threadsOfOneSubjectAreMerged() {
        ThreadBuilder threads = new ReferenceThreads(Algorithm.REFERENCES);
        // Both dummies.
        threads.add(row(1, 1, 10, 91));
        threads.add(row(2, 2, 10, 91));
        threads.add(row(3, 3, 10, 92));
        threads.add(row(4, 4, 10, 92));
        // A dummy and a message.
        threads.add(row(5, 5, 10));
        // A reply and what it may answer, which comes later.
        threads.add(reply(6, 6, 20));
        threads.add(row(7, 7, 20));
        // Neither is a reply.
        threads.add(row(8, 8, 30));
        threads.add(row(9, 9, 30));
        threads.add(row(10, 10, 30));
        assertEquals(" ((1)(2)(3)(4)(5))(7 6)((8)(9)(10))", written(threads, 10));
    }

    @Test
    void aThreadMayBeAsDeepAsAMailboxIsLarge() {
        int depth = 200_000;
        ThreadBuilder threads = new ReferenceThreads(Algorithm.REFERENCES);
        StringBuilder expected = new StringBuilder(" (");
        for (int i = 1; i <= depth; i++) {
            threads.add(i == 1 ? row(1, 1, 0) : row(i, i, 0, i - 1));
            expected.append(i == 1 ? "" : " ").append(i);
        }
        assertEquals(expected.append(")").toString(), written(threads, 10_000));
    }

    @Test
    void tooManyMessagesAreRefusedAtTheBound() {
        ThreadBuilder threads = new SubjectThreads();
        for (int i = 1; i <= ThreadBuilder.MAX_NODES; i++) {
            threads.add(row(i, i, 0));
        }
        No no = assertThrows(No.class, () -> threads.add(row(ThreadBuilder.MAX_NODES + 1, 1, 0)));
        assertEquals("LIMIT", no.code());
    }

    /** Whatever messages refer to, each is told of once, and the parentheses match. */
    @Test
    void nonsenseLosesNoMessage() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            int count = 1 + random.nextInt(30);
            for (Algorithm algorithm : Algorithm.values()) {
                ThreadBuilder threads =
                        algorithm == Algorithm.ORDEREDSUBJECT ? new SubjectThreads() : new ReferenceThreads(algorithm);
                TreeSet<String> expected = new TreeSet<>();
                for (int i = 1; i <= count; i++) {
                    long[] references = random.longs(random.nextInt(5), 1, 20).toArray();
                    threads.add(new ThreadRow(
                            i,
                            random.nextInt(10),
                            random.nextInt(4),
                            random.nextBoolean(),
                            random.nextInt(20),
                            references));
                    expected.add(Integer.toString(i));
                }
                String written = written(threads, 3);
                TreeSet<String> told = new TreeSet<>();
                Pattern.compile("\\d+").matcher(written).results().forEach(number -> told.add(number.group()));
                assertEquals(expected, told, written);
                assertEquals(
                        written.chars().filter(c -> c == '(').count(),
                        written.chars().filter(c -> c == ')').count(),
                        written);
                assertEquals(
                        count,
                        Pattern.compile("\\d+").matcher(written).results().count(),
                        written);
            }
        }
    }

    private static ThreadRow row(long uid, long sent, long subject, long... references) {
        return new ThreadRow(uid, sent, subject, false, uid, references);
    }

    private static ThreadRow reply(long uid, long sent, long subject) {
        return new ThreadRow(uid, sent, subject, true, uid, new long[0]);
    }

    private static String written(ThreadBuilder threads, int atOnce) {
        ResponseWriter out = new ResponseWriter();
        ThreadForest.Writer writer = threads.build().writer(uid -> uid);
        while (writer.write(out, atOnce)) {
            // the rest
        }
        return out.take().toString(StandardCharsets.US_ASCII);
    }

    @Test
    void allTogetherTakeNoMoreMemoryThanOneMay() {
        ThreadingAtWork atWork = new ThreadingAtWork();
        // One alone is bound by itself.
        atWork.begin(ThreadingAtWork.MAX_MESSAGES + 1);
        assertEquals("LIMIT", assertThrows(No.class, () -> atWork.begin(1)).code());
        atWork.end(ThreadingAtWork.MAX_MESSAGES + 1);
        atWork.begin(1);
        atWork.begin(ThreadingAtWork.MAX_MESSAGES - 1);
        assertThrows(No.class, () -> atWork.begin(1));
        atWork.end(1);
        atWork.begin(1);
    }
}
