package io.postrider.server;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.NamingConvention;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** METRICS.md, from which each metric has its help text: so there is one place that says what it is. */
final class MetricsPage implements MeterFilter {
    /** A line of the page's tables: name, type, labels, meaning. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| [a-z]+\\?? \\|[^|]*\\| ([^|]+) \\|$");

    private final NamingConvention naming;
    private final Map<String, String> help = new HashMap<>();

    /** @param naming how a meter's name becomes the one on the page */
    MetricsPage(NamingConvention naming) {
        this.naming = naming;
        Matcher row = ROW.matcher(text());
        while (row.find()) {
            help.put(withoutTotal(row.group(1)), row.group(2).replace("`", ""));
        }
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        String sentence = help.get(withoutTotal(naming.name(id.getName(), id.getType(), id.getBaseUnit())));
        return sentence == null
                ? id
                : new Meter.Id(id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), sentence, id.getType());
    }

    /** A counter gets that ending behind the naming. */
    private static String withoutTotal(String name) {
        return name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
    }

    private static String text() {
        try (InputStream page = MetricsPage.class.getResourceAsStream("METRICS.md")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
