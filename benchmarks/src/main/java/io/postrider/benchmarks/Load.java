package io.postrider.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Drives a number of connections, a thread each, through a number of operations, and times each operation. */
final class Load {
    /** One connection's work. */
    interface Worker extends AutoCloseable {
        /** Does operation {@code n}. */
        void operate(long n) throws Exception;
    }

    /** Makes connection {@code index}; not timed. */
    interface WorkerFactory {
        Worker connect(int index) throws Exception;
    }

    private Load() {}

    /**
     * @param cpuSeconds of the server's processes; NaN when they are not known
     * @param p50Micros half of the operations took no longer
     * @param p99Micros 99 of 100 took no longer
     */
    record Result(long operations, double seconds, double cpuSeconds, long p50Micros, long p99Micros) {
        double perSecond() {
            return operations / seconds;
        }

        double cpuPerThousand() {
            return cpuSeconds / operations * 1000;
        }
    }

    static Result run(Target target, int connections, long operations, WorkerFactory factory) throws Exception {
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            workers.add(factory.connect(i));
        }
        AtomicLong next = new AtomicLong();
        AtomicReference<Exception> failure = new AtomicReference<>();
        long[] micros = new long[Math.toIntExact(operations)];
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (Worker worker : workers) {
            Thread thread = new Thread(() -> work(worker, next, operations, micros, start, failure));
            thread.start();
            threads.add(thread);
        }
        double cpuBefore = CpuTime.seconds(target.pids());
        long before = System.nanoTime();
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - before) / 1e9;
        double cpu = CpuTime.seconds(target.pids()) - cpuBefore;
        for (Worker worker : workers) {
            worker.close();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        Arrays.sort(micros);
        return new Result(
                operations,
                seconds,
                cpu,
                micros[(int) (operations / 2)],
                micros[(int) Math.min(operations - 1, operations * 99 / 100)]);
    }

    private static void work(
            Worker worker,
            AtomicLong next,
            long operations,
            long[] micros,
            CountDownLatch start,
            AtomicReference<Exception> failure) {
        try {
            start.await();
            for (long n = next.getAndIncrement(); n < operations && failure.get() == null; n = next.getAndIncrement()) {
                long before = System.nanoTime();
                worker.operate(n);
                micros[(int) n] = (System.nanoTime() - before) / 1000;
            }
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        }
    }
}
