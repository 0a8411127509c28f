package io.postrider.benchmarks;

import java.io.IOException;
import java.util.List;

/** What is measured: {@link OwnServer started by this program}, or somebody else's. */
interface Server extends AutoCloseable {
    /** Where it is now: a restart gives it other processes. */
    Target target();

    /** Gives memory back that it does not need, if it can be asked to, so that what it does need can be seen. */
    default void tidy() throws IOException {}

    /** What it wrote lately, for when something goes wrong. */
    List<String> lastWords() throws IOException;

    @Override
    void close() throws IOException;

    /** A server that runs already and that is left running. */
    record Others(Target target) implements Server {
        @Override
        public List<String> lastWords() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
