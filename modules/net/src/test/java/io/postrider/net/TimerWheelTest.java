package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private final AtomicLong nanos = new AtomicLong(12_345);
    private final TimerWheel wheel = new TimerWheel(nanos::get);
    private final List<String> expired = new ArrayList<>();

    @Test
    void expiresNeverEarlyAndAtMostTwoTicksLate() {
        for (int ticks = 1; ticks < 3000; ticks += 37) {
            int due = ticks;
            long start = wheel.now();
            boolean[] met = new boolean[1];
            wheel.set(
                    new TimerWheel.Timeout(() -> {
                        met[0] = true;
                        long late = wheel.now() - start - due;
                        assertTrue(late >= 0 && late <= 2, due + " ticks, late by " + late);
                    }),
                    ticks);
            turn(ticks + 2);
            assertTrue(met[0], ticks + " ticks");
        }
    }

    @Test
    void aDeadlineSetAnewOrCancelledIsForgotten() {
        TimerWheel.Timeout moved = timeout("moved");
        TimerWheel.Timeout cancelled = timeout("cancelled");
        wheel.set(moved, 5);
        wheel.set(cancelled, 5);
        wheel.set(moved, 600);
        wheel.cancel(cancelled);
        wheel.cancel(cancelled);
        turn(590);
        assertEquals(List.of(), expired);
        turn(20);
        assertEquals(List.of("moved"), expired);
    }

    @Test
    void whatExpiresMayCancelItsNeighboursAndSetItselfAgain() {
        TimerWheel.Timeout[] all = new TimerWheel.Timeout[4];
        for (int i = 0; i < 4; i++) {
            int me = i;
            all[i] = new TimerWheel.Timeout(() -> {
                expired.add(String.valueOf(me));
                wheel.cancel(all[3]);
                wheel.cancel(all[2]);
                if (expired.size() < 5) {
                    wheel.setAt(all[me], 0);
                }
            });
            wheel.set(all[i], 5);
        }
        turn(6);
        assertEquals(List.of("0", "1"), expired);
        turn(10);
        assertEquals(List.of("0", "1", "0", "1", "0", "1"), expired);
    }

    @Test
    void afterALongSleepEverythingDueExpiresOnce() {
        for (int ticks = 1; ticks <= 2000; ticks++) {
            wheel.set(timeout(String.valueOf(ticks)), ticks);
        }
        nanos.addAndGet(1500L * TimerWheel.TICK_MILLIS * 1_000_000);
        wheel.turn();
        assertEquals(1499, expired.size());
        turn(600);
        assertEquals(2000, expired.size());
        assertEquals(2000, expired.stream().distinct().count());
    }

    @Test
    void aDurationIsRoundedUp() {
        assertEquals(1, TimerWheel.ticks(Duration.ZERO));
        assertEquals(1, TimerWheel.ticks(Duration.ofMillis(100)));
        assertEquals(2, TimerWheel.ticks(Duration.ofMillis(101)));
        assertEquals(18_000, TimerWheel.ticks(Duration.ofMinutes(30)));
    }

    private TimerWheel.Timeout timeout(String name) {
        return new TimerWheel.Timeout(() -> expired.add(name));
    }

    private void turn(int ticks) {
        for (int i = 0; i < ticks; i++) {
            nanos.addAndGet(TimerWheel.TICK_MILLIS * 1_000_000L);
            wheel.turn();
        }
    }
}
