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
            help.put(withoutEnding(row.group(1)), row.group(2).replace("`", ""));
        }
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        String sentence = help.get(withoutEnding(naming.name(id.getName(), id.getType(), id.getBaseUnit())));
        return sentence == null
                ? id
                : new Meter.Id(id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), sentence, id.getType());
    }

    /** These endings come behind the naming. */
    private static String withoutEnding(String name) {
        return name.replaceFirst("_(total|info)$", "");
    }

    private static String text() {
        try (InputStream page = MetricsPage.class.getResourceAsStream("METRICS.md")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
