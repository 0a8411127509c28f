package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.testkit.ImapPicture;
import io.postrider.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Sessions that do at random what clients do, on two nodes over one database, against a model simple enough to be trusted. A
 * failure names the seed; {@code -Dpostrider.seed=N} runs it again, {@code -Dpostrider.seconds=N} runs longer. All
 * tests here and {@link RoamingClientsTest} share that time.
 */
class RandomSessionsTest {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("postrider.seconds", 60));
    private static final long SEED = Long.getLong("postrider.seed", System.nanoTime());
    private static final List<String> FLAGS =
            List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft", "$Forwarded", "Travel", "later");
    private static final Pattern COPYUID = Pattern.compile("\\[COPYUID \\d+ (\\S+) (\\S+)]");

    private static ImapServer node;
    private static ImapServer otherNode;

    @BeforeAll
    static void start() {
        node = ImapServer.start();
        otherNode = node.secondNode();
        node.createAccount("alice@example.com");
        node.createAccount("bob@example.com");
        node.createAccount("carol@example.com");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void twoSessionsNeverDisagreeWithTheModel() {
        Random random = new Random(SEED);
        try (ImapPicture one = session(node, "alice@example.com");
                ImapPicture other = session(otherNode, "alice@example.com")) {
            one.ok("CREATE Elsewhere");
            one.select("INBOX");
            other.select("INBOX");
            Model model = new Model();
            long end = System.nanoTime() + TIME.toNanos() / 3;
            int operations = 0;
            while (System.nanoTime() < end) {
                ImapPicture session = random.nextBoolean() ? one : other;
                String done = model.operate(session, random);
                operations++;
                if (random.nextInt(8) == 0) {
                    checkpoint(one, model, "one, after " + done);
                    checkpoint(other, model, "other, after " + done);
                }
            }
            assertTrue(operations > 100, "only " + operations + " operations");
        } catch (AssertionError e) {
            throw new AssertionError("seed " + SEED + ": " + e.getMessage(), e);
        }
    }

    private static void checkpoint(ImapPicture session, Model model, String who) {
        session.ok("NOOP");
        session.learn();
        assertEquals(model.inbox, session.messages(), who);
    }

    /** Each writer changes flags, appends and expunges as fast as it can; the pictures must end equal to the truth. */
    @Test
    void sessionsThatWriteAtTheSameTimeEndWithTheSamePicture() throws Exception {
        long end = System.nanoTime() + TIME.toNanos() / 6;
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<ImapPicture> sessions = List.of(
                session(node, "bob@example.com"),
                session(otherNode, "bob@example.com"),
                session(node, "bob@example.com"));
        sessions.forEach(session -> session.select("INBOX"));
        int rounds = 0;
        try {
            while (System.nanoTime() < end) {
                List<Callable<Void>> work = new ArrayList<>();
                for (int i = 0; i < sessions.size(); i++) {
                    ImapPicture session = sessions.get(i);
                    Random random = new Random(SEED + 31L * rounds + i);
                    work.add(() -> {
                        for (int n = 0; n < 30; n++) {
                            writeSomething(session, random);
                        }
                        return null;
                    });
                }
                for (Future<Void> done : threads.invokeAll(work)) {
                    done.get();
                }
                for (ImapPicture session : sessions) {
                    session.ok("NOOP");
                    session.learn();
                }
                Map<Long, Set<String>> truth;
                try (ImapPicture fresh = session(node, "bob@example.com")) {
                    fresh.select("INBOX");
                    truth = fresh.messages();
                }
                for (int i = 0; i < sessions.size(); i++) {
                    assertEquals(
                            truth, sessions.get(i).messages(), "seed " + SEED + ", session " + i + ", round " + rounds);
                }
                rounds++;
            }
            assertTrue(rounds > 1, "only " + rounds + " rounds");
        } finally {
            threads.shutdownNow();
            sessions.forEach(ImapPicture::close);
        }
    }

    /** Two writers; a third session only ever asks what changed since the last MODSEQ it has seen. RFC 7162 */
    @Test
    void aReaderByModSeqMissesNothing() throws Exception {
        try (ImapPicture first = session(node, "carol@example.com");
                ImapPicture second = session(otherNode, "carol@example.com");
                ImapPicture reader = session(otherNode, "carol@example.com")) {
            first.select("INBOX");
            for (int i = 0; i < 40; i++) {
                first.append("INBOX", "", message(i));
            }
            second.select("INBOX");
            reader.select("INBOX (CONDSTORE)");
            long end = System.nanoTime() + TIME.toNanos() / 6;
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                List<Future<?>> writers = new ArrayList<>();
                for (ImapPicture writer : List.of(first, second)) {
                    Random random = new Random(SEED + writer.hashCode());
                    writers.add(threads.submit(() -> {
                        while (System.nanoTime() < end) {
                            writer.command("STORE " + (1 + random.nextInt(40)) + sign(random) + "FLAGS.SILENT ("
                                    + flag(random) + ")");
                        }
                    }));
                }
                Map<Long, Set<String>> known = new TreeMap<>(reader.messages());
                long cursor = reader.highestModSeq();
                while (!writers.stream().allMatch(Future::isDone)) {
                    cursor = readChanges(reader, known, cursor);
                }
                for (Future<?> writer : writers) {
                    writer.get();
                }
                readChanges(reader, known, cursor);
                try (ImapPicture fresh = session(node, "carol@example.com")) {
                    fresh.select("INBOX");
                    assertEquals(fresh.messages(), known, "seed " + SEED);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static final Pattern CHANGED =
            Pattern.compile("\\* \\d+ FETCH \\((?=.*UID (\\d+))(?=.*MODSEQ \\((\\d+)\\))(?=.*FLAGS \\(([^)]*)\\)).*");

    private static long readChanges(ImapPicture reader, Map<Long, Set<String>> known, long since) {
        long cursor = since;
        for (String line : reader.ok("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE " + since + ")")) {
            Matcher changed = CHANGED.matcher(line);
            if (changed.matches()) {
                cursor = Math.max(cursor, Long.parseLong(changed.group(2)));
                known.put(Long.valueOf(changed.group(1)), flagSet(changed.group(3)));
            }
        }
        return cursor;
    }

    private static void writeSomething(ImapPicture session, Random random) {
        int size = session.uids().size();
        int dice = random.nextInt(100);
        if (size < 5 || dice < 25 && size < 120) {
            session.append("INBOX", flag(random).replace("\\Deleted", "\\Seen"), message(random.nextInt()));
        } else if (dice < 75) {
            session.command("STORE " + (1 + random.nextInt(size)) + sign(random) + "FLAGS (" + flag(random) + ")");
        } else if (dice < 85) {
            session.learn();
            // Others may have expunged some of them meanwhile.
            int known = session.uids().size();
            if (known > 0) {
                session.addSilently(session.uids().get(random.nextInt(known)), "\\Deleted");
            }
        } else if (dice < 90) {
            session.ok("EXPUNGE");
        } else if (dice < 95) {
            session.command("COPY " + (1 + random.nextInt(size)) + " INBOX");
        } else {
            session.command("FETCH " + (1 + random.nextInt(size)) + " (FLAGS BODY[])");
        }
    }

    private static ImapPicture session(ImapServer node, String account) {
        return new ImapPicture(TestClient.connect(node.port()), account, ImapServer.PASSWORD);
    }

    private static String sign(Random random) {
        return random.nextInt(5) == 0 ? " " : random.nextBoolean() ? " +" : " -";
    }

    private static String flag(Random random) {
        return FLAGS.get(random.nextInt(FLAGS.size()));
    }

    private static Set<String> flagSet(String list) {
        return java.util.Arrays.stream(list.split(" "))
                .filter(flag -> !flag.isEmpty() && !flag.equals("\\Recent"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String message(int n) {
        return "From: a@example.net\r\nSubject: number " + n + "\r\n\r\nThe text of number " + n + ".\r\n";
    }

    /** What INBOX must be after operations done one at a time. */
    private static final class Model {
        final Map<Long, Set<String>> inbox = new TreeMap<>();
        private final Map<Long, Integer> numbers = new TreeMap<>();
        private int count;

        /** Does one operation in the session and here, and says which. */
        String operate(ImapPicture session, Random random) {
            int dice = random.nextInt(100);
            if (inbox.size() < 4 || dice < 20 && inbox.size() < 60) {
                return append(session, random);
            }
            if (dice < 50) {
                return store(session, random);
            }
            if (dice < 60) {
                return expunge(session, random);
            }
            if (dice < 70) {
                return copyWithin(session, random);
            }
            if (dice < 75) {
                return moveAway(session, random);
            }
            return dice < 88 ? fetch(session, random) : search(session, random);
        }

        private String append(ImapPicture session, Random random) {
            String flag = flag(random);
            long uid = session.append("INBOX", flag, message(++count));
            inbox.put(uid, flagSet(flag));
            numbers.put(uid, count);
            return "APPEND " + uid;
        }

        /** By sequence number: the client means the message it believes to be there, gone or not. */
        private String store(ImapPicture session, Random random) {
            session.learn();
            int number = 1 + random.nextInt(session.uids().size());
            long uid = session.uids().get(number - 1);
            String sign = sign(random);
            String flag = flag(random);
            String command = random.nextBoolean() ? "STORE " + number : "UID STORE " + uid;
            session.command(command + sign + "FLAGS (" + flag + ")");
            Set<String> flags = inbox.get(uid);
            if (flags != null) {
                if (sign.equals(" ")) {
                    flags.clear();
                }
                if (sign.equals(" -")) {
                    flags.remove(flag);
                } else {
                    flags.add(flag);
                }
            }
            return command + sign + flag + " of UID " + uid;
        }

        private String expunge(ImapPicture session, Random random) {
            if (random.nextBoolean()) {
                session.ok("EXPUNGE");
                inbox.values().removeIf(flags -> flags.contains("\\Deleted"));
                return "EXPUNGE";
            }
            long uid = List.copyOf(inbox.keySet()).get(random.nextInt(inbox.size()));
            session.ok("UID EXPUNGE " + uid);
            if (inbox.get(uid).contains("\\Deleted")) {
                inbox.remove(uid);
            }
            return "UID EXPUNGE " + uid;
        }

        private String copyWithin(ImapPicture session, Random random) {
            List<Long> uids = List.copyOf(inbox.keySet());
            int from = random.nextInt(uids.size());
            int to = Math.min(uids.size() - 1, from + random.nextInt(4));
            List<String> answer = session.ok("UID COPY " + uids.get(from) + ":" + uids.get(to) + " INBOX");
            Matcher copied = COPYUID.matcher(String.join("\n", answer));
            assertTrue(copied.find(), () -> "no COPYUID in " + answer);
            List<Long> sources = numbers(copied.group(1));
            List<Long> targets = numbers(copied.group(2));
            assertEquals(uids.subList(from, to + 1), sources);
            for (int i = 0; i < sources.size(); i++) {
                inbox.put(targets.get(i), new TreeSet<>(inbox.get(sources.get(i))));
                numbers.put(targets.get(i), numbers.get(sources.get(i)));
            }
            return "UID COPY " + sources;
        }

        private String moveAway(ImapPicture session, Random random) {
            long uid = List.copyOf(inbox.keySet()).get(random.nextInt(inbox.size()));
            session.ok("UID MOVE " + uid + " Elsewhere");
            inbox.remove(uid);
            return "UID MOVE " + uid;
        }

        private String fetch(ImapPicture session, Random random) {
            session.ok("NOOP");
            long uid = List.copyOf(inbox.keySet()).get(random.nextInt(inbox.size()));
            boolean peek = random.nextBoolean();
            List<String> answer = session.ok("UID FETCH " + uid + " (FLAGS BODY" + (peek ? ".PEEK" : "") + "[TEXT])");
            String expected = "The text of number " + numbers.get(uid) + ".\r\n";
            assertTrue(
                    answer.stream().anyMatch(line -> line.contains(expected)), () -> expected + " is not in " + answer);
            if (!peek) {
                inbox.get(uid).add("\\Seen");
            }
            return "UID FETCH " + uid;
        }

        private String search(ImapPicture session, Random random) {
            session.ok("NOOP");
            String flag = flag(random);
            String key =
                    flag.startsWith("\\") ? flag.substring(1).toUpperCase(java.util.Locale.ROOT) : "KEYWORD " + flag;
            List<String> answer = session.ok("UID SEARCH " + key);
            String line = answer.stream()
                    .filter(l -> l.startsWith("* SEARCH"))
                    .findFirst()
                    .orElseThrow();
            Set<Long> found = java.util.Arrays.stream(
                            line.substring("* SEARCH".length()).split(" "))
                    .filter(n -> !n.isEmpty())
                    .map(Long::valueOf)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<Long> expected = inbox.entrySet().stream()
                    .filter(e -> e.getValue().contains(flag))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(expected, found, "SEARCH " + key);
            return "SEARCH " + key;
        }

        private static List<Long> numbers(String set) {
            List<Long> numbers = new ArrayList<>();
            for (String range : set.split(",")) {
                String[] ends = range.split(":");
                for (long n = Long.parseLong(ends[0]); n <= Long.parseLong(ends[ends.length - 1]); n++) {
                    numbers.add(n);
                }
            }
            return numbers;
        }
    }
}
