package io.postrider.server.maildir;

import io.postrider.imap.BadSyntax;
import io.postrider.imap.ModifiedUtf7;
import io.postrider.store.Mailboxes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An account's Maildir: its INBOX, and its other mailboxes either as Maildir++ ({@code .Sent}, {@code .Work.2026}) or as plain
 * directories within each other.
 */
final class Maildir {
    private static final int MAX_KEYWORDS = 26;

    private final Path root;

    /** @throws IOException one that says what is wrong with it */
    Maildir(Path root) throws IOException {
        this.root = root;
        if (!isMaildir(root)) {
            throw new NoSuchFileException(root + " is no Maildir: there is no directory cur in it");
        }
    }

    static boolean isMaildir(Path directory) {
        return Files.isDirectory(directory.resolve("cur"));
    }

    /** Where each mailbox lies, by name; INBOX too. */
    TreeMap<String, Path> mailboxes() throws IOException {
        TreeMap<String, Path> found = new TreeMap<>();
        found.put(Mailboxes.INBOX, root);
        addWithin(root, "", found);
        return found;
    }

    private static void addWithin(Path directory, String above, TreeMap<String, Path> found) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (above.isEmpty() && name.startsWith(".") && isMaildir(entry)) {
                    found.put(mailbox(name.substring(1), "."), entry);
                } else if (!name.startsWith(".")
                        && !List.of("cur", "new", "tmp").contains(name)) {
                    String here = above.isEmpty() ? decoded(name) : above + Mailboxes.SEPARATOR + decoded(name);
                    if (isMaildir(entry)) {
                        found.put(here, entry);
                    }
                    addWithin(entry, here, found);
                }
            }
        }
    }

    /** Names that clients have subscribed to. */
    List<String> subscriptions() throws IOException {
        Path file = root.resolve("subscriptions");
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        List<String> lines =
                Arrays.asList(Files.readString(file, StandardCharsets.UTF_8).split("\r?\n"));
        // Version 2 begins with a line that says so, and has tabs between the levels.
        boolean second = !lines.isEmpty() && lines.get(0).startsWith("V\t");
        return lines.stream()
                .skip(second ? 1 : 0)
                .filter(line -> !line.isBlank())
                .map(line -> mailbox(line, second ? "\t" : "[./]"))
                .toList();
    }

    /**
     * The messages of one mailbox: those with UIDs in their order, then the others by age and name. Memory grows with their
     * number, not with what is in them.
     */
    static List<MaildirFile> messages(Path mailbox, Optional<UidList> uidList) throws IOException {
        List<String> keywords = keywords(mailbox);
        List<MaildirFile> messages = new ArrayList<>();
        for (String directory : List.of("new", "cur")) {
            if (!Files.isDirectory(mailbox.resolve(directory))) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(mailbox.resolve(directory))) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    if (name.startsWith(".") || !Files.isRegularFile(file)) {
                        continue;
                    }
                    long uid = uidList.map(list -> list.uids().getOrDefault(MaildirFile.unique(name), 0L))
                            .orElse(0L);
                    messages.add(new MaildirFile(
                            file,
                            uid,
                            MaildirFile.flags(directory.equals("cur") ? name : "", keywords),
                            Files.getLastModifiedTime(file).toInstant()));
                }
            }
        }
        messages.sort(Comparator.comparingLong((MaildirFile file) -> file.uid() == 0 ? Long.MAX_VALUE : file.uid())
                .thenComparing(MaildirFile::date)
                .thenComparing(file -> file.path().getFileName().toString()));
        return messages;
    }

    private static List<String> keywords(Path mailbox) throws IOException {
        Path file = mailbox.resolve("dovecot-keywords");
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        List<String> keywords = new ArrayList<>(Collections.nCopies(MAX_KEYWORDS, ""));
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            String[] words = line.split(" ", 2);
            if (words.length == 2 && words[0].matches("[0-9]{1,2}") && Integer.parseInt(words[0]) < MAX_KEYWORDS) {
                keywords.set(Integer.parseInt(words[0]), words[1].trim());
            }
        }
        return keywords;
    }

    private static String mailbox(String name, String separator) {
        String regex = separator.equals(".") ? "\\." : separator;
        List<String> levels = new ArrayList<>();
        for (String level : name.split(regex)) {
            levels.add(decoded(level));
        }
        return String.join(String.valueOf(Mailboxes.SEPARATOR), levels);
    }

    /** Dovecot writes modified UTF-7, or UTF-8 where so configured. */
    private static String decoded(String level) {
        try {
            return ModifiedUtf7.decode(level);
        } catch (BadSyntax e) {
            return level;
        }
    }
}
