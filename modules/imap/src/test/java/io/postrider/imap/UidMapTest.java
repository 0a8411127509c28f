package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UidMapTest {
    @Test
    void agreesWithAPlainSortedSetWhateverHappens() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            TreeSet<Long> model = new TreeSet<>();
            long next = seed % 3 == 0 ? 0xFFFF_F000L - 3000 : 1;
            for (int i = random.nextInt(2000); i > 0; i--) {
                next += random.nextInt(5) == 0 ? 1 + random.nextInt(4) : 1;
                model.add(next);
            }
            UidMap map = new UidMap(set(model));
            for (int step = 0; step < 40; step++) {
                UidSet gone =
                        set(model.stream().filter(u -> random.nextInt(20) == 0).toList());
                map.remove(gone);
                gone.forEach(model::remove);
                List<Long> come = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    come.add(next += 1 + random.nextInt(2));
                }
                map.add(set(come));
                model.addAll(come);
                same(model, map, random);
            }
        }
    }

    @Test
    void contiguousMailboxOfAMillionCostsAlmostNothing() {
        UidMap map = new UidMap(UidSet.range(1, 1_000_000));
        assertTrue(map.octets() < 1000, "octets: " + map.octets());
        assertEquals(500_000, map.uid(500_000));
        map.add(UidSet.range(1_000_001, 1_000_010));
        assertTrue(map.octets() < 1000, "octets: " + map.octets());
    }

    @Test
    void mailboxOfAMillionWithHolesStaysSmall() {
        Random random = new Random(1);
        UidSet.Builder uids = new UidSet.Builder();
        for (long uid = 1, n = 0; n < 1_000_000; uid++) {
            if (random.nextInt(20) != 0) {
                uids.add(uid);
                n++;
            }
        }
        UidMap map = new UidMap(uids.build());
        assertEquals(1_000_000, map.size());
        assertTrue(map.octets() < 150_000, "octets: " + map.octets());
    }

    @Test
    void removingEveryOtherOfAContiguousMailboxLeavesItFastAndSmall() {
        UidMap map = new UidMap(UidSet.range(1, 100_000));
        for (long uid = 2; uid <= 100_000; uid += 2) {
            map.remove(UidSet.of(uid));
        }
        assertEquals(50_000, map.size());
        assertEquals(99_999, map.uid(50_000));
        assertTrue(map.octets() < 20_000, "octets: " + map.octets());
    }

    @Test
    void highestUidThereCanBeIsNoSpecialCase() {
        UidMap map = new UidMap(UidSet.of(1, 0x8000_0000L, UidSet.MAX_UID));
        assertEquals(3, map.size());
        assertEquals(UidSet.MAX_UID, map.highest());
        assertEquals(3, map.sequence(UidSet.MAX_UID));
        assertEquals(2, map.sequence(0x8000_0000L));
        assertEquals(3, map.count(UidSet.ALL));
        assertEquals(UidSet.of(1, 0x8000_0000L, UidSet.MAX_UID), map.known(UidSet.ALL));
    }

    private static void same(TreeSet<Long> model, UidMap map, Random random) {
        assertEquals(model.size(), map.size());
        assertEquals(model.isEmpty() ? 0 : model.last(), map.highest());
        long sequence = 1;
        for (long uid : model) {
            assertEquals(uid, map.uid(sequence));
            assertEquals(sequence++, map.sequence(uid));
        }
        if (model.isEmpty()) {
            return;
        }
        long span = model.last() - model.first() + 3;
        long a = model.first() - 1 + (long) (random.nextDouble() * span);
        long b = Math.min(UidSet.MAX_UID, a + (long) (random.nextDouble() * span));
        UidSet asked = UidSet.range(Math.max(1, a), b).union(UidSet.of(model.first()));
        List<Long> expected = model.stream().filter(asked::contains).toList();
        assertEquals(expected.size(), map.count(asked));
        assertEquals(set(expected), map.known(asked));
        List<Long> order = new ArrayList<>(model);
        assertEquals(set(expected.stream().map(uid -> order.indexOf(uid) + 1L).toList()), map.sequences(asked));
        int half = expected.size() / 2;
        UidSet first = map.firstOf(asked, half);
        if (expected.size() <= half) {
            assertNull(first);
        } else {
            assertEquals(
                    expected.subList(0, half), map.known(first).stream().boxed().collect(Collectors.toList()));
        }
        assertNull(map.firstOf(asked, expected.size()));
        assertEquals(0, map.sequence(model.last() == UidSet.MAX_UID ? 1 : model.last() + 1));
    }

    private static UidSet set(Iterable<Long> uids) {
        UidSet.Builder set = new UidSet.Builder();
        uids.forEach(set::add);
        return set.build();
    }

    @Test
    void missingIsWhatIsNotThere() {
        UidMap map = new UidMap(UidSet.of(3, 4, 7, 4294967295L));
        assertEquals(UidSet.of(1, 2, 5, 6, 8, 9), map.missing(UidSet.range(1, 9)));
        assertEquals(UidSet.of(5, 8), map.missing(UidSet.of(3, 5, 7, 8)));
        assertEquals(UidSet.range(8, 4294967294L), map.missing(UidSet.range(7, 4294967295L)));
        assertEquals(UidSet.EMPTY, map.missing(UidSet.of(3, 4, 4294967295L)));
        assertEquals(UidSet.ALL, new UidMap(UidSet.EMPTY).missing(UidSet.ALL));
    }

    /** What a limit of messages leaves of a set. RFC 9738 */
    @Test
    void theLastOfASetBeginWithAMessage() {
        UidMap map =
                new UidMap(new UidSet.Builder().addRange(2, 4).addRange(8, 9).build());
        assertNull(map.lastOf(UidSet.ALL, 5));
        assertNull(map.lastOf(UidSet.EMPTY, 0));
        assertEquals(UidSet.range(3, UidSet.MAX_UID), map.lastOf(UidSet.ALL, 4));
        assertEquals(UidSet.range(8, 20), map.lastOf(UidSet.range(1, 20), 2));
        UidSet some = new UidSet.Builder().add(1).addRange(3, 5).addRange(7, 9).build();
        assertEquals(new UidSet.Builder().addRange(4, 5).addRange(7, 9).build(), map.lastOf(some, 3));
    }
}
