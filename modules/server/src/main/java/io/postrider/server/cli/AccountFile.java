package io.postrider.server.cli;

import io.postrider.server.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Accounts to import: lines of {@code address,password}, fields quoted as in RFC 4180 or not, a header line or none. */
record AccountFile(List<Entry> entries) {
    /** Bad lines shown; there may be as many as lines. */
    private static final int MAX_SHOWN = 20;

    record Entry(int line, String address, byte[] password) {}

    /** Reads it whole; bad lines fail with a {@link Problem} that has a line for each, before anything is done. */
    static AccountFile read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new Problem(file + ": no such file");
        } catch (CharacterCodingException e) {
            throw new Problem(file + ": not UTF-8");
        } catch (IOException e) {
            throw new Problem(file + ": cannot be read", e);
        }
        return parse(file.toString(), lines);
    }

    static AccountFile parse(String name, List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = i == 0 ? lines.get(i).replace("\uFEFF", "") : lines.get(i);
            if (line.isBlank() || i == 0 && isHeader(line)) {
                continue;
            }
            try {
                Entry entry = entry(i + 1, line);
                Integer before = seen.putIfAbsent(entry.address(), entry.line());
                if (before != null) {
                    throw new Problem(entry.address() + " stands on line " + before + " already");
                }
                entries.add(entry);
            } catch (Problem e) {
                problems.add(name + " line " + (i + 1) + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            int more = problems.size() - MAX_SHOWN;
            throw new Problem(String.join("\n", problems.subList(0, Math.min(MAX_SHOWN, problems.size())))
                    + (more > 0 ? "\n… and " + more + " more" : "")
                    + "\nnothing was imported");
        }
        return new AccountFile(entries);
    }

    private static boolean isHeader(String line) {
        return line.strip()
                .toLowerCase(Locale.ROOT)
                .replace("\"", "")
                .replace(" ", "")
                .equals("address,password");
    }

    private static Entry entry(int number, String line) {
        List<String> fields = fields(line);
        if (fields.size() != 2) {
            // The line is not repeated: it holds a password.
            throw new Problem("expected address,password; a field with a comma or a quote must be quoted");
        }
        byte[] password = fields.get(1).getBytes(StandardCharsets.UTF_8);
        PasswordArgument.check(password);
        return new Entry(number, Addresses.address(fields.get(0).strip()), password);
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (at <= line.length()) {
            StringBuilder field = new StringBuilder();
            if (at < line.length() && line.charAt(at) == '"') {
                at = quoted(line, at + 1, field);
                if (at < line.length() && line.charAt(at) != ',') {
                    throw new Problem("something stands behind a closing quote");
                }
            } else {
                while (at < line.length() && line.charAt(at) != ',') {
                    field.append(line.charAt(at++));
                }
            }
            fields.add(field.toString());
            at++;
        }
        return fields;
    }

    /** Gives where the field ends, behind its quote. */
    private static int quoted(String line, int at, StringBuilder field) {
        for (int i = at; i < line.length(); i++) {
            if (line.charAt(i) != '"') {
                field.append(line.charAt(i));
            } else if (i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else {
                return i + 1;
            }
        }
        throw new Problem("a quote is not closed");
    }
}
