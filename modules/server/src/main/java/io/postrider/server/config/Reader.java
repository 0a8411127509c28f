package io.postrider.server.config;

import io.postrider.net.Networks;
import io.postrider.server.config.Values.Value;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns texts into values by kind, and remembers every key it was asked for: those are the keys there are. Problems are
 * gathered, so that all are told at once.
 */
final class Reader {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    /** A host's name or address, of IPv6 with its colons and zone. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,253}");

    static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern HTTP_URL = Pattern.compile("https?://[A-Za-z0-9._:\\[\\]-]+(/[A-Za-z0-9._~/-]*)?");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)?");

    private final Values values;
    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final List<String> problems;

    Reader(Values values) {
        this.values = values;
        this.problems = new ArrayList<>(values.problems());
    }

    /** Every key asked for so far with its default as one would write it, "" for none. */
    Map<String, String> defaults() {
        return defaults;
    }

    List<String> problems() {
        return problems;
    }

    String text(String key, String byDefault) {
        return one(key, byDefault, byDefault, text -> text);
    }

    /** Where to listen. */
    String host(String key, String byDefault) {
        return one(key, byDefault, byDefault, text -> {
            if (!HOST.matcher(text).matches()) {
                throw new IllegalArgumentException("must be an address or a host name of this machine");
            }
            return text;
        });
    }

    Optional<String> hostname(String key) {
        return Optional.ofNullable(one(key, "", null, text -> {
            if (!HOSTNAME.matcher(text).matches()) {
                throw new IllegalArgumentException("must be a host name");
            }
            return text;
        }));
    }

    /** @param check throws IllegalArgumentException with words that do not repeat the secret */
    Optional<Secret> secret(String key, Consumer<String> check) {
        return Optional.ofNullable(one(key, "", null, text -> {
            check.accept(text);
            return new Secret(text);
        }));
    }

    Optional<Path> path(String key) {
        return Optional.ofNullable(one(key, "", null, text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("must be the path of a file or directory", e);
            }
        }));
    }

    Optional<URI> httpUrl(String key) {
        return Optional.ofNullable(one(key, "", null, text -> {
            if (!HTTP_URL.matcher(text).matches()) {
                throw new IllegalArgumentException("must be a URL that begins with http:// or https://");
            }
            return URI.create(text);
        }));
    }

    boolean bool(String key, boolean byDefault) {
        return one(key, String.valueOf(byDefault), byDefault, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        });
    }

    int integer(String key, int byDefault, int min, int max) {
        return one(key, String.valueOf(byDefault), byDefault, text -> number(text, min, max));
    }

    /** A port that is not there unless set; 0 is any free one. */
    OptionalInt port(String key) {
        return one(key, "", OptionalInt.empty(), text -> OptionalInt.of(number(text, 0, 65_535)));
    }

    /** Networks as {@link #list} reads them. */
    Networks networks(String key, List<String> byDefault) {
        List<String> texts = list(key, byDefault);
        try {
            return Networks.of(texts);
        } catch (IllegalArgumentException e) {
            problems.add(key + ": " + e.getMessage());
            return Networks.NONE;
        }
    }

    String oneOf(String key, String byDefault, List<String> allowed) {
        return one(key, byDefault, byDefault, text -> {
            if (!allowed.contains(text)) {
                throw new IllegalArgumentException("must be one of " + String.join(", ", allowed));
            }
            return text;
        });
    }

    Duration duration(String key, String byDefault, Duration min, Duration max) {
        return one(key, byDefault, parseDuration(byDefault), text -> {
            Duration duration = parseDuration(text);
            if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
                throw new IllegalArgumentException("must be from " + write(min) + " to " + write(max));
            }
            return duration;
        });
    }

    long size(String key, String byDefault, long min, long max) {
        return one(key, byDefault, parseSize(byDefault), text -> {
            long octets = parseSize(text);
            if (octets < min || octets > max) {
                throw new IllegalArgumentException("must be from " + min + " to " + max + " octets");
            }
            return octets;
        });
    }

    /** A list in the file, or texts separated by commas. */
    List<String> list(String key, List<String> byDefault) {
        defaults.put(key, "[" + String.join(", ", byDefault) + "]");
        Value value = values.take(key);
        if (value == null) {
            return byDefault;
        }
        if (value.list()) {
            return value.texts();
        }
        return Pattern.compile(",")
                .splitAsStream(value.texts().get(0))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** Says what was never asked for, with the nearest key there is. */
    void rejectUnknown() {
        values.left().forEach((name, value) -> {
            boolean variable = name.startsWith(Values.ENVIRONMENT_PREFIX);
            Nearest nearest = new Nearest(
                    variable
                            ? defaults.keySet().stream().map(Values::variable).toList()
                            : List.copyOf(defaults.keySet()));
            String hint = nearest.to(name).map(key -> "; is it " + key + "?").orElse("");
            problems.add(
                    variable
                            ? "environment variable " + name + " stands for no key" + hint
                            : value.origin() + ": there is no key " + name + hint);
        });
    }

    private <T> T one(String key, String written, T byDefault, Function<String, T> parse) {
        defaults.put(key, written);
        Value value = values.take(key);
        if (value == null) {
            return byDefault;
        }
        try {
            if (value.list()) {
                throw new IllegalArgumentException("must be one value, not a list");
            }
            String text = value.texts().get(0).strip();
            if (text.isEmpty()) {
                throw new IllegalArgumentException("must not be empty");
            }
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            // The text itself is not repeated: it may be a secret put at the wrong key.
            problems.add(value.origin() + ": " + key + ": " + e.getMessage());
            return byDefault;
        }
    }

    private static int number(String text, int min, int max) {
        if (!text.matches("\\d{1,10}") || Long.parseLong(text) < min || Long.parseLong(text) > max) {
            throw new IllegalArgumentException("must be a number from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }

    private static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a duration like 250ms, 30s, 5m, 2h or 1d");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static String write(Duration duration) {
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds != 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds != 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static long parseSize(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a size like 512, 64KiB, 50MiB or 2GiB");
        }
        long count = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        return switch (unit) {
            case "KiB" -> Math.multiplyExact(count, 1L << 10);
            case "MiB" -> Math.multiplyExact(count, 1L << 20);
            case "GiB" -> Math.multiplyExact(count, 1L << 30);
            default -> count;
        };
    }
}
