package io.postrider.store.postgres;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;

/** Brings answers back to the caller's context when several callers wait for one thing. */
final class Here {
    private Here() {}

    static <T> Promise<T> promise() {
        ContextInternal caller = ContextInternal.current();
        return caller == null ? Promise.promise() : caller.promise();
    }

    static <T> Future<T> future(Future<T> elsewhere) {
        Promise<T> here = promise();
        elsewhere.onComplete(here);
        return here.future();
    }
}
