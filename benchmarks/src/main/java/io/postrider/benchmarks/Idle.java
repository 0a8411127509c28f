package io.postrider.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Very many connections in IDLE: what each takes of memory, what all take of CPU while nothing happens, and, as operations that are
 * counted and timed, mail that comes in by LMTP: from the 250 to the EXISTS that a session of the recipient hears.
 */
record Idle(Settings settings) implements Scenario {
    private static final int AT_ONCE = 100;
    private static final int NEWS = 200;
    private static final int NEWS_BEFORE = 50;
    private static final int NEWS_SECONDS = 10;
    private static final int REST_SECONDS = 5;
    private static final double MILLIS = 1e3;

    @Override
    public boolean fits(Server server) {
        return server.target().imap() > 0 && server.target().lmtp() > 0;
    }

    /** What a process has once taken of memory it keeps, so only the first time tells what connections take. */
    @Override
    public int rounds(int asked) {
        return 1;
    }

    @Override
    public void warmUp(Server server, double seconds) throws Exception {
        Target target = server.target();
        new Logins(settings, 8, false).warmUp(server, seconds);
        NewsLatency.micros(target, target, settings.account(0), settings.password(), 0, NEWS_BEFORE, seconds);
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        Target target = server.target();
        ProcessTree processes = new ProcessTree(target.pids());
        server.tidy();
        double before = processes.octets();
        Crowd.Manner manner = new Crowd.Manner(false, true, AT_ONCE, settings.password(), settings::account);
        try (Crowd crowd = new Crowd(List.of(target), settings.idle(), manner)) {
            crowd.gather();
            if (crowd.failed() > 0) {
                throw new IOException(crowd.failed() + " of " + settings.idle() + " sessions were not served");
            }
            server.tidy();
            double each = (processes.octets() - before) / settings.idle();
            double cpu = processes.cpuSeconds();
            TimeUnit.SECONDS.sleep(REST_SECONDS);
            double atRest = (processes.cpuSeconds() - cpu) / REST_SECONDS;
            cpu = processes.cpuSeconds();
            long started = System.nanoTime();
            long[] micros =
                    NewsLatency.micros(target, target, settings.account(0), settings.password(), 0, NEWS, NEWS_SECONDS);
            return Result.of(
                            micros,
                            (System.nanoTime() - started) / 1e9,
                            processes.cpuSeconds() - cpu,
                            processes.octets())
                    .with("octets per connection", each)
                    .with("CPU at rest, ms a second", atRest * MILLIS);
        }
    }
}
