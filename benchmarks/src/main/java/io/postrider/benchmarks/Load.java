package io.postrider.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Drives a number of connections, a thread each, with operations until the time is over, and times each operation. */
final class Load {
    /** One connection's work. */
    interface Worker extends AutoCloseable {
        /** Does operation {@code n}. */
        void operate(long n) throws Exception;

        /** Between operations, untimed: users think. */
        default void pause() throws InterruptedException {}
    }

    /** Makes connection {@code index}; not timed. */
    interface WorkerFactory {
        Worker connect(int index) throws Exception;
    }

    /** How long it goes on: for so many seconds, or so many operations if they are done earlier. */
    record Bounds(double seconds, long operations) {}

    private final Bounds bounds;
    private final AtomicLong next = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final CountDownLatch start = new CountDownLatch(1);
    private volatile long until;

    private Load(Bounds bounds) {
        this.bounds = bounds;
    }

    static Result run(Target target, int connections, Bounds bounds, WorkerFactory factory) throws Exception {
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            workers.add(factory.connect(i));
        }
        try {
            return new Load(bounds).run(target, workers);
        } finally {
            for (Worker worker : workers) {
                worker.close();
            }
        }
    }

    private Result run(Target target, List<Worker> workers) throws Exception {
        List<Times> times = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (Worker worker : workers) {
            Times mine = new Times();
            times.add(mine);
            Thread thread = new Thread(() -> work(worker, mine));
            thread.start();
            threads.add(thread);
        }
        ProcessTree processes = new ProcessTree(target.pids());
        double cpuBefore = processes.cpuSeconds();
        long before = System.nanoTime();
        until = before + (long) (bounds.seconds() * TimeUnit.SECONDS.toNanos(1));
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - before) / 1e9;
        double cpu = processes.cpuSeconds() - cpuBefore;
        if (failure.get() != null) {
            throw failure.get();
        }
        long[] micros = times.stream().flatMapToLong(Times::all).toArray();
        return Result.of(micros, seconds, cpu, processes.octets());
    }

    private void work(Worker worker, Times times) {
        try {
            start.await();
            long after;
            // Each connection does something, however little time there is.
            do {
                long n = next.getAndIncrement();
                if (n >= bounds.operations() || failure.get() != null) {
                    return;
                }
                long before = System.nanoTime();
                worker.operate(n);
                after = System.nanoTime();
                times.add((after - before) / 1000);
                worker.pause();
            } while (after < until);
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        }
    }

    private static final class Times {
        private long[] micros = new long[1024];
        private int count;

        void add(long time) {
            if (count == micros.length) {
                micros = Arrays.copyOf(micros, 2 * count);
            }
            micros[count++] = time;
        }

        java.util.stream.LongStream all() {
            return Arrays.stream(micros, 0, count);
        }
    }
}
