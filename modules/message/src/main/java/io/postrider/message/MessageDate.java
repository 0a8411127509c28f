package io.postrider.message;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * Reads a Date field as far as it can be read: RFC 5322 §3.3 with the obsolete forms of §4.3, in any order of its words.
 * An unreadable time counts as midnight and an unreadable zone as UTC. RFC 5256 §2.2
 *
 * @param day the date shown, as days since 1970
 * @param seconds since 1970, UTC
 */
record MessageDate(long day, long seconds) {
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final Map<String, Integer> ZONE_HOURS =
            Map.of("edt", -4, "est", -5, "cdt", -5, "cst", -6, "mdt", -6, "mst", -7, "pdt", -7, "pst", -8);

    /** A date has few words; what has more is none. */
    private static final int WORDS = 16;

    private static final int CHARACTERS = 128;

    /** The date that the field shows, or null when there is none. */
    static MessageDate parse(String field) {
        return field == null || field.length() > CHARACTERS ? null : new Words().read(field);
    }

    private static final class Words {
        private int day = -1;
        private int month = -1;
        private int year = -1;
        private int time;
        private int zone;

        MessageDate read(String field) {
            StringTokenizer words = new StringTokenizer(withoutComments(field), " \t,");
            if (words.countTokens() > WORDS) {
                return null;
            }
            while (words.hasMoreTokens()) {
                word(words.nextToken().toLowerCase(Locale.ROOT));
            }
            if (year < 1) {
                return null;
            }
            try {
                long date = LocalDate.of(year, month, day).toEpochDay();
                return new MessageDate(date, date * 86_400 + time - zone);
            } catch (DateTimeException noSuchDate) {
                return null;
            }
        }

        private void word(String word) {
            if (word.indexOf(':') > 0) {
                time = time(word);
            } else if (word.charAt(0) == '+' || word.charAt(0) == '-') {
                zone = zone(word);
            } else if (word.indexOf('-') > 0) {
                for (String part : word.split("-", WORDS)) {
                    if (!part.isEmpty()) {
                        word(part);
                    }
                }
            } else if (isNumber(word)) {
                number(word);
            } else {
                name(word);
            }
        }

        private void number(String word) {
            int number = word.length() > 4 ? -1 : Integer.parseInt(word);
            if (day < 0 && word.length() <= 2) {
                day = number;
            } else if (day < 0 && word.length() == 4 || day >= 0 && year < 0) {
                year = fullYear(number, word.length());
            }
        }

        /** Two and three digits are obsolete forms. RFC 5322 §4.3 */
        private static int fullYear(int number, int digits) {
            if (digits == 2) {
                return number < 50 ? 2000 + number : 1900 + number;
            }
            return digits == 3 ? 1900 + number : number;
        }

        private void name(String word) {
            int at = word.length() < 3 ? -1 : MONTHS.indexOf(word.substring(0, 3));
            if (at >= 0 && at % 3 == 0 && month < 0) {
                month = at / 3 + 1;
            } else {
                zone = ZONE_HOURS.getOrDefault(word, 0) * 3600;
            }
        }

        private static int time(String word) {
            String[] parts = word.split(":", 4);
            int[] fields = new int[3];
            for (int i = 0; i < parts.length; i++) {
                String digits = parts[i].indexOf('.') > 0 ? parts[i].substring(0, parts[i].indexOf('.')) : parts[i];
                if (i > 2 || digits.length() > 2 || !isNumber(digits)) {
                    return 0;
                }
                fields[i] = Integer.parseInt(digits);
            }
            boolean valid = fields[0] < 24 && fields[1] < 60 && fields[2] <= 60;
            return valid ? fields[0] * 3600 + fields[1] * 60 + fields[2] : 0;
        }

        private static int zone(String word) {
            String digits = word.substring(1).replace(":", "");
            if (digits.length() != 4 || !isNumber(digits)) {
                return 0;
            }
            int number = Integer.parseInt(digits);
            int seconds = number / 100 * 3600 + number % 100 * 60;
            return number % 100 > 59 ? 0 : word.charAt(0) == '-' ? -seconds : seconds;
        }

        private static boolean isNumber(String word) {
            for (int i = 0; i < word.length(); i++) {
                if (word.charAt(i) < '0' || word.charAt(i) > '9') {
                    return false;
                }
            }
            return !word.isEmpty();
        }

        private static String withoutComments(String field) {
            if (field.indexOf('(') < 0) {
                return field;
            }
            StringBuilder kept = new StringBuilder();
            int depth = 0;
            for (char c : field.toCharArray()) {
                if (c == '(') {
                    depth++;
                } else if (c == ')' && depth > 0) {
                    depth--;
                } else if (depth == 0) {
                    kept.append(c);
                }
            }
            return kept.toString();
        }
    }
}
