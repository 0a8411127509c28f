package io.postrider.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged; how it looks is in {@code logback.xml}. */
public final class Logging {
    private Logging() {}

    /** As configured, for a server. */
    public static void level(String level) {
        logger("io.postrider").setLevel(Level.toLevel(level));
    }

    /** For a command: its own words are enough, unless something is wrong. */
    public static void quiet() {
        logger("io.postrider").setLevel(Level.WARN);
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
