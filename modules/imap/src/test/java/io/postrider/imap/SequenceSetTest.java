package io.postrider.imap;

import static io.postrider.imap.SequenceSet.STAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.UidSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceSetTest {
    private final UidMap map = new UidMap(UidSet.of(3, 5, 6, 9, 20));
    private final UidMap empty = new UidMap(UidSet.EMPTY);

    @Test
    void sequenceNumbersBecomeRangesOfUids() {
        assertEquals("3", map.known(set(1, 1).bySequence(map)).toString());
        assertEquals("5:6,9", map.known(set(2, 4).bySequence(map)).toString());
        assertEquals("5:9", set(2, 4).bySequence(map).toString());
    }

    @Test
    void rangesMayBeReversedAndOverlap() {
        assertEquals(set(2, 4).bySequence(map), set(4, 2).bySequence(map));
        SequenceSet several = new SequenceSet(
                List.of(new SequenceSet.Range(5, 5), new SequenceSet.Range(1, 2), new SequenceSet.Range(2, 1)));
        assertEquals("3,5,20", map.known(several.bySequence(map)).toString());
        assertEquals("5:9", set(9, 4).byUid(map).intersect(UidSet.range(5, 9)).toString());
    }

    @Test
    void starIsTheLastMessageOnWhicheverSide() {
        assertEquals("20", set(STAR, STAR).bySequence(map).toString());
        assertEquals("9:20", set(STAR, 4).bySequence(map).toString());
        assertEquals("20", set(STAR, STAR).byUid(map).toString());
        assertEquals("9,20", map.known(set(7, STAR).byUid(map)).toString());
    }

    @Test
    void uidsAboveTheLastMeetStarAtTheLastMessage() {
        assertEquals("20", set(100, STAR).byUid(map).toString());
        assertEquals("20", set(STAR, 100).byUid(map).toString());
        assertEquals("20", set(7, STAR).bySequence(map).toString());
    }

    @Test
    void uidsWithoutMessageAreNoError() {
        assertTrue(set(21, 30).byUid(map).isEmpty());
        assertEquals(0, map.count(set(4, 4).byUid(map)));
        assertEquals("9:20", set(9, 4_000_000_000L).byUid(map).toString());
    }

    @Test
    void sequenceNumberWithoutMessageIsBad() {
        assertThrows(BadSyntax.class, () -> set(6, 6).bySequence(map));
        assertThrows(BadSyntax.class, () -> set(6, 9).bySequence(map));
        assertThrows(BadSyntax.class, () -> set(1, 1).bySequence(empty));
    }

    @Test
    void firstHundredOfFiveAreFive() {
        assertEquals("3:20", set(1, 100).bySequence(map).toString());
    }

    @Test
    void allOfAnEmptyMailboxIsNothing() {
        assertTrue(set(1, STAR).bySequence(empty).isEmpty());
        assertTrue(set(1, STAR).byUid(empty).isEmpty());
        assertTrue(set(STAR, STAR).byUid(empty).isEmpty());
    }

    @Test
    void tellsWhetherNewMessagesMayBeMeant() {
        assertTrue(set(3, STAR).reachesAbove(20));
        assertTrue(set(21, 1).reachesAbove(20));
        assertFalse(set(1, 20).reachesAbove(20));
    }

    @Test
    void asManyRangesAsThereMayBe() {
        List<SequenceSet.Range> ranges = new ArrayList<>();
        for (int i = SequenceSet.MAX_RANGES; i > 0; i--) {
            ranges.add(new SequenceSet.Range(2L * i, 2L * i));
        }
        UidMap large = new UidMap(UidSet.range(1, 300_000));
        assertEquals(
                SequenceSet.MAX_RANGES, new SequenceSet(ranges).byUid(large).size());
        assertEquals(
                SequenceSet.MAX_RANGES,
                new SequenceSet(ranges).bySequence(large).size());
    }

    private static SequenceSet set(long from, long to) {
        return new SequenceSet(List.of(new SequenceSet.Range(from, to)));
    }
}
