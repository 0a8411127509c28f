package io.postrider.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was configured, as text by dotted key, each with the place it stands at. A later layer replaces the one before: the
 * file, then the environment, then the command line.
 */
public final class Values {
    /** Before each environment variable; the rest is the key in capitals with "_" for "." and "-". */
    public static final String ENVIRONMENT_PREFIX = "POSTRIDER_";

    /**
     * @param texts one for a plain value, any number for a list
     * @param list whether it was written as a list
     * @param origin where it stands, for errors
     */
    record Value(List<String> texts, boolean list, String origin) {}

    private final Map<String, Value> byKey = new TreeMap<>();
    private final Map<String, Value> fromEnvironment = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Takes every variable that begins with {@link #ENVIRONMENT_PREFIX}. */
    public Values environment(Map<String, String> environment) {
        new TreeMap<>(environment).forEach((name, text) -> {
            if (name.startsWith(ENVIRONMENT_PREFIX)) {
                fromEnvironment.put(name, new Value(List.of(text), false, "environment variable " + name));
            }
        });
        return this;
    }

    /** A value from the command line, which wins over all others. */
    public Values option(String option, String key, String text) {
        fromEnvironment.remove(variable(key));
        put(key, new Value(List.of(text), false, "option " + option));
        return this;
    }

    static String variable(String key) {
        return ENVIRONMENT_PREFIX
                + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    void put(String key, Value value) {
        byKey.put(key, value);
    }

    void problem(String problem) {
        problems.add(problem);
    }

    List<String> problems() {
        return problems;
    }

    /** The value of a key, taken away, so that what is left in the end is what nobody knows; null when not set. */
    Value take(String key) {
        Value fromFile = byKey.remove(key);
        Value fromVariable = fromEnvironment.remove(variable(key));
        return fromVariable == null ? fromFile : fromVariable;
    }

    /** Keys of the file and variables that were never taken, with where they stand. */
    Map<String, Value> left() {
        Map<String, Value> left = new LinkedHashMap<>(byKey);
        fromEnvironment.forEach((name, value) -> {
            if (!isServiceLink(name, value.texts().get(0))) {
                left.put(name, value);
            }
        });
        return left;
    }

    /** Kubernetes puts such variables into every pod once there is a Service called postrider-something. */
    private static boolean isServiceLink(String name, String text) {
        return name.matches(".*_SERVICE_(HOST|PORT(_.*)?)")
                || name.matches(".*_PORT_\\d+_(TCP|UDP|SCTP)(_.*)?")
                || name.endsWith("_PORT") && text.matches("(tcp|udp|sctp)://.*");
    }
}
