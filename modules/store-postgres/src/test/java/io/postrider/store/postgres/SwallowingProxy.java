package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/** A network between node and database that can swallow everything without closing anything. */
final class SwallowingProxy implements AutoCloseable {
    private final NetServer server;
    private final NetClient client;
    private volatile boolean swallows;

    SwallowingProxy(Vertx vertx, String host, int port) {
        client = vertx.createNetClient();
        server = await(vertx.createNetServer()
                .connectHandler(near -> {
                    near.pause();
                    client.connect(port, host).onSuccess(far -> join(near, far)).onFailure(e -> near.close());
                })
                .listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    void swallow(boolean everything) {
        swallows = everything;
    }

    private void join(NetSocket near, NetSocket far) {
        pass(near, far);
        pass(far, near);
        near.resume();
    }

    private void pass(NetSocket from, NetSocket to) {
        from.handler(octets -> {
            if (!swallows) {
                to.write(octets);
            }
        });
        from.closeHandler(v -> to.close());
    }

    @Override
    public void close() {
        await(server.close());
        await(client.close());
    }
}
