package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContentIdsTest {
    private final StoreFixture fixture = new StoreFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Deliveries that waited together for the next block once answered on each other's event loop, and hung. */
    @Test
    void everyoneWhoWaitsForTheSameBlockIsAnsweredOnHisOwnEventLoop() {
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, DatabaseOptions.of(fixture.database.url()), new SimpleMeterRegistry());
        ContentIds ids = new ContentIds(database);
        Set<Long> given = ConcurrentHashMap.newKeySet();
        AtomicInteger elsewhere = new AtomicInteger();
        List<Future<Void>> callers = new ArrayList<>();
        int each = ContentIds.BLOCK;
        for (int i = 0; i < 4; i++) {
            Context context = vertx.getOrCreateContext();
            Promise<Void> done = Promise.promise();
            callers.add(done.future());
            context.runOnContext(start -> {
                AtomicInteger left = new AtomicInteger(each);
                for (int n = 0; n < each; n++) {
                    ids.next().onComplete((id, failure) -> {
                        given.add(id);
                        if (Vertx.currentContext() != context) {
                            elsewhere.incrementAndGet();
                        }
                        if (left.decrementAndGet() == 0) {
                            done.complete();
                        }
                    });
                }
            });
        }
        await(Future.all(callers));
        assertEquals(0, elsewhere.get());
        assertEquals(4 * each, given.size());
        await(database.close());
        await(vertx.close());
    }
}
