package io.postrider.store;

import io.vertx.core.Future;

/** Where spans go. */
public interface Traces {
    /** Nowhere: there are none. */
    Traces NONE = protocol -> null;

    /** Begins a command's span; null when this one is not traced. */
    Span command(String protocol);

    /** Sends what has not been sent; never fails. */
    default Future<Void> close() {
        return Future.succeededFuture();
    }
}
