package io.postrider.message;

/**
 * The base subject, exactly as RFC 5256 §2.1 takes it out of a subject; the numbers are that section's steps.
 *
 * @param text the base subject, not case-folded
 * @param reply whether a reply or forward mark was taken off
 */
record BaseSubject(String text, boolean reply) {
    static BaseSubject of(String subject) {
        return new Steps(DecodedText.cut(subject, ParserLimits.STRING_CHARACTERS)).run();
    }

    private static final class Steps {
        private String rest;
        private boolean reply;

        /** (1), the encoded words being decoded already. */
        Steps(String subject) {
            StringBuilder spaced = new StringBuilder(subject.length());
            for (int i = 0; i < subject.length(); i++) {
                char c = subject.charAt(i);
                boolean space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
                if (!space) {
                    spaced.append(c);
                } else if (spaced.length() == 0 || spaced.charAt(spaced.length() - 1) != ' ') {
                    spaced.append(' ');
                }
            }
            rest = spaced.toString();
        }

        BaseSubject run() {
            do {
                removeTrailers();
                removeLeadersAndBlobs();
            } while (unwrapForward());
            return new BaseSubject(rest, reply);
        }

        /** (2) */
        private void removeTrailers() {
            int end = rest.length();
            while (end > 0) {
                if (rest.charAt(end - 1) == ' ') {
                    end--;
                } else if (end >= 5 && rest.regionMatches(true, end - 5, "(fwd)", 0, 5)) {
                    end -= 5;
                    reply = true;
                } else {
                    break;
                }
            }
            rest = rest.substring(0, end);
        }

        /** (3) to (5) */
        private void removeLeadersAndBlobs() {
            int at = 0;
            while (at < rest.length()) {
                int behind = behindLeader(at);
                if (behind < 0) {
                    behind = behindBlob(at);
                    if (behind < 0 || behind == rest.length()) {
                        break;
                    }
                }
                at = behind;
            }
            rest = rest.substring(at);
        }

        /** (6) */
        private boolean unwrapForward() {
            if (rest.endsWith("]") && rest.regionMatches(true, 0, "[fwd:", 0, 5)) {
                rest = rest.substring(5, rest.length() - 1);
                reply = true;
                return true;
            }
            return false;
        }

        /** subj-leader: white space, or any blobs and then "re", "fw" or "fwd", a blob perhaps, and a colon. */
        private int behindLeader(int from) {
            if (rest.charAt(from) == ' ') {
                return from + 1;
            }
            int at = from;
            for (int blob = behindBlob(at); blob >= 0; blob = behindBlob(at)) {
                at = blob;
            }
            if (rest.regionMatches(true, at, "re", 0, 2)) {
                at += 2;
            } else if (rest.regionMatches(true, at, "fwd", 0, 3)) {
                at += 3;
            } else if (rest.regionMatches(true, at, "fw", 0, 2)) {
                at += 2;
            } else {
                return -1;
            }
            at = skipSpace(at);
            int blob = behindBlob(at);
            at = blob < 0 ? at : blob;
            if (at < rest.length() && rest.charAt(at) == ':') {
                reply = true;
                return at + 1;
            }
            return -1;
        }

        /** subj-blob: brackets without brackets in them, and the white space behind; -1 where there is none. */
        private int behindBlob(int from) {
            if (from >= rest.length() || rest.charAt(from) != '[') {
                return -1;
            }
            for (int i = from + 1; i < rest.length(); i++) {
                char c = rest.charAt(i);
                if (c == '[') {
                    return -1;
                }
                if (c == ']') {
                    return skipSpace(i + 1);
                }
            }
            return -1;
        }

        private int skipSpace(int from) {
            int at = from;
            while (at < rest.length() && rest.charAt(at) == ' ') {
                at++;
            }
            return at;
        }
    }
}
