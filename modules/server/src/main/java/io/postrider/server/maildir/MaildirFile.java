package io.postrider.server.maildir;

import io.postrider.store.Flags;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One message of a Maildir.
 *
 * @param uid 0 when it has none
 * @param date when it came: its file's
 */
record MaildirFile(Path path, long uid, Flags flags, Instant date) {
    private static final String INFO = ":2,";

    /** The part of a file's name that stays while its flags change. */
    static String unique(String name) {
        int info = name.indexOf(INFO);
        return info < 0 ? name : name.substring(0, info);
    }

    /**
     * What stands behind ":2,".
     *
     * @param keywords what a to z mean here
     */
    static Flags flags(String name, List<String> keywords) {
        int info = name.indexOf(INFO);
        int bits = 0;
        List<String> words = new ArrayList<>();
        for (char letter :
                info < 0 ? new char[0] : name.substring(info + INFO.length()).toCharArray()) {
            switch (letter) {
                case 'R' -> bits |= Flags.ANSWERED;
                case 'F' -> bits |= Flags.FLAGGED;
                case 'T' -> bits |= Flags.DELETED;
                case 'S' -> bits |= Flags.SEEN;
                case 'D' -> bits |= Flags.DRAFT;
                case 'P' -> words.add("$Forwarded");
                default -> {
                    int index = letter - 'a';
                    if (index >= 0
                            && index < keywords.size()
                            && !keywords.get(index).isEmpty()) {
                        words.add(keywords.get(index));
                    }
                }
            }
        }
        return Flags.NONE.plus(new Flags(bits, words.stream().distinct().toList()));
    }
}
