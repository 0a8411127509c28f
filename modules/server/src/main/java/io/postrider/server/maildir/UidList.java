package io.postrider.server.maildir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which UIDs Dovecot has given to the files of a Maildir: its {@code dovecot-uidlist}, in version 1 or 3. A line that cannot be
 * read is passed over, as Dovecot does: its message counts as one without a UID.
 *
 * @param uidValidity 1 to 2^32-1
 * @param uidNext the next one it would give
 * @param uids by file name without flags
 */
record UidList(long uidValidity, long uidNext, Map<String, Long> uids) {
    static final String FILE = "dovecot-uidlist";

    private static final long MAX = 0xFFFF_FFFFL;

    /** Empty where there is none, or none that can be understood. */
    static Optional<UidList> read(Path maildir) throws IOException {
        Path file = maildir.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String head = lines.readLine();
            long[] cursors = head == null ? null : cursors(head.trim().split(" +"));
            if (cursors == null) {
                return Optional.empty();
            }
            Map<String, Long> uids = new HashMap<>();
            long highest = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                // Version 3 has attributes in between, and the name behind " :".
                int name = head.startsWith("3 ") ? line.indexOf(" :") + 2 : space + 1;
                long uid = space < 0 || name < 2 ? 0 : number(line.substring(0, space));
                if (uid > 0) {
                    uids.put(MaildirFile.unique(line.substring(name)), uid);
                    highest = Math.max(highest, uid);
                }
            }
            return Optional.of(new UidList(cursors[0], Math.max(cursors[1], highest + 1), uids));
        }
    }

    /** UIDVALIDITY and UIDNEXT; null when it is no such line. */
    private static long[] cursors(String[] words) {
        long validity = 0;
        long next = 0;
        if (words[0].equals("1") && words.length >= 3) {
            validity = number(words[1]);
            next = number(words[2]);
        } else if (words[0].equals("3")) {
            for (String word : words) {
                validity = word.startsWith("V") ? number(word.substring(1)) : validity;
                next = word.startsWith("N") ? number(word.substring(1)) : next;
            }
        }
        return validity > 0 && next > 0 ? new long[] {validity, next} : null;
    }

    /** 0 when it is none that a UID may be. */
    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        long number = Long.parseLong(digits);
        return number <= MAX ? number : 0;
    }
}
