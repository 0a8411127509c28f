package io.postrider.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UidSetTest {
    @Test
    void rangesThatTouchOrOverlapBecomeOne() {
        assertEquals("1:4", UidSet.of(3, 1, 2, 4, 2).toString());
        UidSet set = new UidSet.Builder()
                .addRange(10, 20)
                .addRange(21, 30)
                .addRange(5, 12)
                .add(40)
                .build();
        assertEquals("5:30,40", set.toString());
        assertEquals(2, set.rangeCount());
        assertEquals(27, set.size());
        assertEquals(List.of(5L, 30L, 40L, 40L), List.of(set.first(0), set.last(0), set.first(1), set.last(1)));
        assertEquals(5, set.min());
        assertEquals(40, set.max());
    }

    @Test
    void aRangeWithinAnEarlierOneAddsNothing() {
        assertEquals(
                "1:100",
                new UidSet.Builder()
                        .addRange(1, 100)
                        .addRange(5, 10)
                        .add(100)
                        .build()
                        .toString());
        assertEquals(
                "1:100",
                new UidSet.Builder().addRange(5, 10).addRange(1, 100).build().toString());
    }

    @Test
    void theEmptySet() {
        assertTrue(UidSet.EMPTY.isEmpty());
        assertEquals("", UidSet.EMPTY.toString());
        assertEquals(0, UidSet.EMPTY.size());
        assertEquals(UidSet.EMPTY, UidSet.of());
        assertEquals(UidSet.EMPTY, UidSet.of(7).minus(UidSet.ALL));
        assertFalse(UidSet.EMPTY.contains(1));
        assertEquals(0, UidSet.EMPTY.stream().count());
    }

    @Test
    void uidsHaveThirtyTwoBitsAndStartAtOne() {
        UidSet all = UidSet.ALL;
        assertEquals("1:4294967295", all.toString());
        assertEquals(0xFFFF_FFFFL, all.size());
        assertTrue(all.contains(1) && all.contains(UidSet.MAX_UID));
        assertFalse(all.contains(0) || all.contains(UidSet.MAX_UID + 1));
        assertEquals(UidSet.EMPTY, all.above(UidSet.MAX_UID));
        assertEquals(UidSet.of(UidSet.MAX_UID), all.above(UidSet.MAX_UID - 1));
        assertEquals(all, all.above(0));
        UidSet.Builder builder = new UidSet.Builder();
        assertThrows(IllegalArgumentException.class, () -> builder.add(0));
        assertThrows(IllegalArgumentException.class, () -> builder.add(UidSet.MAX_UID + 1));
        assertThrows(IllegalArgumentException.class, () -> builder.addRange(5, 4));
    }

    @Test
    void noUidIsMadeBeforeItIsAskedFor() {
        assertEquals(55, UidSet.ALL.stream().limit(10).sum());
        assertEquals(1, UidSet.ALL.iterator().nextLong());
        assertThrows(
                java.util.NoSuchElementException.class,
                () -> UidSet.EMPTY.iterator().nextLong());
    }

    @Test
    void firstRangesAreThoseInFront() {
        UidSet set = UidSet.of(1, 3, 5, 7);
        assertEquals("1,3", set.firstRanges(2).toString());
        assertEquals(set, set.firstRanges(4));
        assertEquals(set, set.firstRanges(100));
        assertEquals(UidSet.EMPTY, set.firstRanges(0));
    }

    @Test
    void equalSetsAreEqualHoweverTheyWereMade() {
        UidSet one = UidSet.of(1, 2, 3);
        UidSet other = UidSet.range(1, 3);
        assertEquals(one, other);
        assertEquals(one.hashCode(), other.hashCode());
        assertNotEquals(one, UidSet.range(1, 4));
    }

    /** Against sets that are slow and plain. */
    @Test
    void everyOperationAgreesWithASetOfNumbers() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            TreeSet<Long> mine = numbers(random);
            TreeSet<Long> its = numbers(random);
            UidSet a = set(mine, random);
            UidSet b = set(its, random);
            long limit = random.nextInt(70);

            assertSame(mine, a);
            assertSame(combined(mine, its, 'u'), a.union(b));
            assertSame(combined(mine, its, 'i'), a.intersect(b));
            assertSame(combined(mine, its, 'm'), a.minus(b));
            assertSame(new TreeSet<>(mine.tailSet(limit, false)), a.above(limit));
            for (long uid = 1; uid < 70; uid++) {
                assertEquals(mine.contains(uid), a.contains(uid));
            }
        }
    }

    private static void assertSame(TreeSet<Long> expected, UidSet actual) {
        assertEquals(List.copyOf(expected), actual.stream().boxed().toList());
        assertEquals(expected.size(), actual.size());
        for (int i = 1; i < actual.rangeCount(); i++) {
            assertTrue(actual.first(i) > actual.last(i - 1) + 1, "ranges touch in " + actual);
        }
        List<Long> iterated = new ArrayList<>();
        actual.iterator().forEachRemaining((long uid) -> iterated.add(uid));
        assertEquals(List.copyOf(expected), iterated);
    }

    private static TreeSet<Long> combined(TreeSet<Long> mine, TreeSet<Long> its, char operation) {
        TreeSet<Long> all = new TreeSet<>(mine);
        switch (operation) {
            case 'u' -> all.addAll(its);
            case 'i' -> all.retainAll(its);
            default -> all.removeAll(its);
        }
        return all;
    }

    private static TreeSet<Long> numbers(Random random) {
        TreeSet<Long> numbers = new TreeSet<>();
        int runs = random.nextInt(6);
        for (int i = 0; i < runs; i++) {
            long first = 1 + random.nextInt(60);
            for (long uid = first; uid <= first + random.nextInt(8); uid++) {
                numbers.add(uid);
            }
        }
        return numbers;
    }

    private static UidSet set(TreeSet<Long> numbers, Random random) {
        List<Long> order = new ArrayList<>(numbers);
        if (random.nextBoolean()) {
            Collections.shuffle(order, random);
        }
        UidSet.Builder builder = new UidSet.Builder();
        order.forEach(builder::add);
        return builder.build();
    }

    @Test
    void aMillionScatteredUidsInAnyOrder() {
        Random random = new Random(12);
        UidSet.Builder builder = new UidSet.Builder();
        TreeSet<Long> expected = new TreeSet<>();
        for (int i = 0; i < 300_000; i++) {
            long uid = 1 + (random.nextLong() & 0xFFFF_FFL);
            builder.add(uid);
            expected.add(uid);
        }
        assertEquals(expected.size(), builder.build().size());
        assertEquals((long) expected.last(), builder.build().max());
    }
}
