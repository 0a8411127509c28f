package io.postrider.store.postgres;

import io.postrider.store.TimeSpent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * Lets many who ask the same at the same time share one query.
 *
 * <p>Easy to get wrong: nobody may share a query that was already on its way when he asked, for it may be answered from
 * before the change that made him ask. So while one is on its way, those who come gather for the next.
 */
final class SharedAsks<K, V> {
    private final BiFunction<K, List<Boolean>, Future<List<V>>> query;
    private final Map<K, List<Ask<V>>> gathering = new ConcurrentHashMap<>();

    /** @param query takes what is asked and what each asker claims, gives each asker's answer */
    SharedAsks(BiFunction<K, List<Boolean>, Future<List<V>>> query) {
        this.query = query;
    }

    private record Ask<V>(boolean claim, Promise<V> answer) {}

    Future<V> ask(K key, boolean claim) {
        Ask<V> ask = new Ask<>(claim, Here.promise());
        if (isFirst(key, ask)) {
            send(key, List.of(ask));
        }
        return ask.answer.future();
    }

    private boolean isFirst(K key, Ask<V> ask) {
        boolean[] first = new boolean[1];
        gathering.compute(key, (k, waiting) -> {
            if (waiting == null) {
                first[0] = true;
                return new ArrayList<>();
            }
            waiting.add(ask);
            return waiting;
        });
        return first[0];
    }

    private void send(K key, List<Ask<V>> asks) {
        query.apply(key, asks.stream().map(Ask::claim).toList()).onComplete((answers, failure) -> {
            List<Ask<V>> next = gathered(key);
            for (int i = 0; i < asks.size(); i++) {
                asks.get(i).answer.complete(failure == null ? answers.get(i) : null, failure);
            }
            if (!next.isEmpty()) {
                // Not for the command that happens to run where this answer came.
                TimeSpent.aside(() -> send(key, next));
            }
        });
    }

    private List<Ask<V>> gathered(K key) {
        List<Ask<V>> next = new ArrayList<>();
        gathering.compute(key, (k, waiting) -> {
            next.addAll(waiting);
            return next.isEmpty() ? null : new ArrayList<>();
        });
        return next;
    }
}
