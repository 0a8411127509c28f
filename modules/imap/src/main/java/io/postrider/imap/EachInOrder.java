package io.postrider.imap;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asynchronous loops. Neither the stack nor the heap grows with the number of steps. */
final class EachInOrder {
    private EachInOrder() {}

    /** Takes a step again and again until one answers false; fails with the first that fails. */
    static Future<Void> whileTrue(Supplier<Future<Boolean>> step) {
        Promise<Void> done = Promise.promise();
        run(step, done);
        return done.future();
    }

    /** Does something with each in turn, the next when the one before is done. */
    static <T> Future<Void> of(Iterable<T> all, Function<T, Future<Void>> step) {
        Iterator<T> each = all.iterator();
        return whileTrue(() -> each.hasNext() ? step.apply(each.next()).map(true) : Future.succeededFuture(false));
    }

    private static void run(Supplier<Future<Boolean>> step, Promise<Void> done) {
        while (true) {
            Future<Boolean> taken;
            try {
                taken = step.get();
            } catch (RuntimeException e) {
                done.fail(e);
                return;
            }
            if (!taken.isComplete()) {
                taken.onComplete(result -> {
                    if (goesOn(taken, done)) {
                        run(step, done);
                    }
                });
                return;
            }
            if (!goesOn(taken, done)) {
                return;
            }
        }
    }

    private static boolean goesOn(Future<Boolean> taken, Promise<Void> done) {
        if (taken.failed()) {
            done.fail(taken.cause());
            return false;
        }
        if (!taken.result()) {
            done.complete();
        }
        return taken.result();
    }
}
