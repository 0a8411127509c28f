package io.postrider.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * All clients of a node that died come back at once, by TLS: connect, LOGIN, SELECT, and stay. Their passwords have been seen lately. For
 * what it is like when they have not, and with two nodes, see {@link LoginStorm}.
 */
record Storm(Settings settings) implements Scenario {
    private static final int WARM = 200;
    private static final int AT_ONCE = 500;

    @Override
    public boolean fits(Server server) {
        return server.target().imaps() > 0;
    }

    @Override
    public void warmUp(Server server, double seconds) throws Exception {
        storm(server.target(), Math.min(WARM, settings.storm()));
    }

    @Override
    public Result run(Server server, Load.Bounds bounds) throws Exception {
        return storm(server.target(), settings.storm());
    }

    private Result storm(Target target, int sessions) throws Exception {
        ProcessTree processes = new ProcessTree(target.pids());
        double cpu = processes.cpuSeconds();
        Crowd.Manner manner = new Crowd.Manner(true, false, AT_ONCE, settings.password(), settings::account);
        try (Crowd crowd = new Crowd(List.of(target), sessions, manner)) {
            crowd.gather();
            if (crowd.failed() > 0) {
                throw new IOException(crowd.failed() + " of " + sessions + " sessions were not served");
            }
            return Result.of(crowd.micros(), crowd.seconds(), processes.cpuSeconds() - cpu, processes.octets());
        }
    }
}
