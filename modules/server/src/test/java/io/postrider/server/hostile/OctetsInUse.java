package io.postrider.server.hostile;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** What this process holds: of heap, what is left when garbage is collected; and what is taken for buffers outside of it. */
final class OctetsInUse {
    private OctetsInUse() {}

    static long now() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return runtime.totalMemory()
                - runtime.freeMemory()
                + direct
                + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
