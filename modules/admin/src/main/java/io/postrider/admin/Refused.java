package io.postrider.admin;

import io.postrider.store.Refusal;
import io.vertx.core.Future;
import java.util.Set;

/** A refusal of the store that is about something given, which it names. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final Refusal.Kind kind;

    private Refused(String field, Refusal refusal) {
        super(refusal.getMessage(), null, false, false);
        this.field = field;
        this.kind = refusal.kind();
    }

    public String field() {
        return field;
    }

    public Refusal.Kind kind() {
        return kind;
    }

    /** The same future, where refusals of these kinds name the field. */
    static <T> Future<T> naming(String field, Future<T> future, Refusal.Kind... kinds) {
        Set<Refusal.Kind> those = Set.of(kinds);
        return future.recover(failure -> Future.failedFuture(
                failure instanceof Refusal refusal && those.contains(refusal.kind())
                        ? new Refused(field, refusal)
                        : failure));
    }
}
