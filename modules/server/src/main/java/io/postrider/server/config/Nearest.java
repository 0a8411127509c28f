package io.postrider.server.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the name that somebody who mistyped one most likely meant. */
record Nearest(List<String> names) {
    /** Empty when none is near: a wrong hint is worse than none. */
    Optional<String> to(String wrong) {
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(name, wrong)))
                .filter(name -> distance(name, wrong) <= Math.max(2, wrong.length() / 3));
    }

    /** Levenshtein's: letters to put in, take out or replace. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
