package io.postrider.store;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/** Reserves the place in each Vert.x context where {@link TimeSpent} stands: that must be done before there is a Vert.x. */
public final class TimeSpentProvider implements VertxServiceProvider {
    @Override
    public void init(VertxBootstrap builder) {
        TimeSpent.reserve();
    }
}
