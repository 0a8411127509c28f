package io.postrider.server.cli;

import io.postrider.net.sasl.ForeignHash;
import io.postrider.server.Problem;
import io.postrider.server.cli.PasswordArgument.Given;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Accounts to import: lines of {@code address,password}, fields quoted as in RFC 4180 or not, a header line or none. Hashes from
 * other servers come in a column that a header line calls {@code hash}, beside that of passwords or in its place: a password
 * may look like a hash, and must not become one by looking so.
 */
record AccountFile(List<Entry> entries) {
    /** Bad lines shown; there may be as many as lines. */
    private static final int MAX_SHOWN = 20;

    record Entry(int line, String address, Given secret) {}

    private static final String PASSWORD = "password";
    private static final String HASH = "hash";
    private static final List<String> WITHOUT_HEADER = List.of("address", PASSWORD);

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
        List<String> columns = WITHOUT_HEADER;
        for (int i = 0; i < lines.size(); i++) {
            String line = i == 0 ? lines.get(i).replace("\uFEFF", "") : lines.get(i);
            if (line.isBlank()) {
                continue;
            }
            try {
                if (i == 0 && isHeader(line)) {
                    columns = known(columns(line));
                    continue;
                }
                Entry entry = entry(i + 1, columns, line);
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
        List<String> columns = columns(line);
        return columns.get(0).equals("address") && columns.stream().anyMatch(List.of(PASSWORD, HASH)::contains);
    }

    private static List<String> known(List<String> columns) {
        for (String column : columns.subList(1, columns.size())) {
            if (!column.equals(PASSWORD) && !column.equals(HASH)) {
                throw new Problem("there is no column " + column + ": address, password and hash are those there are");
            }
        }
        if (columns.size() > 3 || columns.size() != columns.stream().distinct().count()) {
            throw new Problem("a column stands there twice");
        }
        return columns;
    }

    private static List<String> columns(String header) {
        return List.of(header.strip()
                .toLowerCase(Locale.ROOT)
                .replace("\"", "")
                .replace(" ", "")
                .split(",", -1));
    }

    private static Entry entry(int number, List<String> columns, String line) {
        List<String> fields = fields(line);
        if (fields.size() != columns.size()) {
            // The line is not repeated: it holds a password.
            throw new Problem(
                    "expected " + String.join(",", columns) + "; a field with a comma or a quote must be quoted");
        }
        Given secret = null;
        for (int i = 1; i < fields.size(); i++) {
            String field = fields.get(i);
            if (columns.size() > 2 && field.isEmpty()) {
                continue;
            }
            if (secret != null) {
                throw new Problem("has both a password and a hash");
            }
            secret = columns.get(i).equals(HASH) ? Given.hash(field.strip()) : password(field);
        }
        if (secret == null) {
            throw new Problem("has neither a password nor a hash");
        }
        return new Entry(number, Addresses.address(fields.get(0).strip()), secret);
    }

    private static Given password(String field) {
        if (ForeignHash.looksLikeOne(field)) {
            throw new Problem("the password looks like a hash; for hashes begin the file with the line address,hash");
        }
        return Given.password(field);
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
