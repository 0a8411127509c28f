package io.postrider.server.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How what an operation gives is printed: a table for people, or a JSON object a line for scripts. */
final class Table {
    @Option(names = "--json", description = "As JSON, one object a line.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** One thing, a line for each of its members. */
    void print(JsonObject one) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(one.encode());
            return;
        }
        List<String[]> lines = new ArrayList<>();
        flatten("", one, lines);
        int width = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
        lines.forEach(line -> out.println(line[0] + " ".repeat(width - line[0].length() + 2) + line[1]));
    }

    /** Takes the rows of a list, to be printed when all have come; JSON as they come. */
    Rows of(String... columns) {
        return new Rows(columns);
    }

    final class Rows implements Consumer<JsonObject>, AutoCloseable {
        private final List<String[]> rows = new ArrayList<>();
        private final String[] columns;

        private Rows(String... columns) {
            this.columns = columns;
            if (!json) {
                rows.add(columns);
            }
        }

        @Override
        public void accept(JsonObject item) {
            if (json) {
                spec.commandLine().getOut().println(item.encode());
                return;
            }
            String[] row = new String[columns.length];
            for (int i = 0; i < columns.length; i++) {
                row[i] = text(item.getValue(columns[i]));
            }
            rows.add(row);
        }

        @Override
        public void close() {
            int[] widths = new int[columns.length];
            rows.forEach(row -> {
                for (int i = 0; i < row.length; i++) {
                    widths[i] = Math.max(widths[i], row[i].length());
                }
            });
            rows.forEach(row -> {
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < row.length; i++) {
                    line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
                }
                spec.commandLine().getOut().println(line.toString().stripTrailing());
            });
        }
    }

    private static void flatten(String prefix, JsonObject object, List<String[]> lines) {
        for (Map.Entry<String, Object> member : object) {
            if (member.getValue() instanceof JsonObject inner) {
                flatten(prefix + member.getKey() + ".", inner, lines);
            } else {
                lines.add(new String[] {prefix + member.getKey(), text(member.getValue())});
            }
        }
    }

    /** Nothing in it acts upon a terminal. */
    private static String text(Object value) {
        if (value == null) {
            return "-";
        }
        String text = value instanceof JsonArray array
                ? array.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
