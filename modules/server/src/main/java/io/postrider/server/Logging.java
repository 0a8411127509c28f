package io.postrider.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.postrider.server.log.JsonLines;
import org.slf4j.LoggerFactory;

/** How much is logged; how it looks is in {@code logback.xml}. */
public final class Logging {
    private Logging() {}

    /** As configured, for a server. */
    public static void level(String level) {
        logger("io.postrider").setLevel(Level.toLevel(level));
    }

    /** Each line as an object, rather than as a text for people. */
    public static void json() {
        ConsoleAppender<ILoggingEvent> appender =
                (ConsoleAppender<ILoggingEvent>) logger(Logger.ROOT_LOGGER_NAME).getAppender("stdout");
        JsonLines encoder = new JsonLines();
        encoder.setContext(appender.getContext());
        encoder.start();
        appender.setEncoder(encoder);
    }

    /** For a command: its own words are enough, unless something is wrong. */
    public static void quiet() {
        logger("io.postrider").setLevel(Level.WARN);
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
