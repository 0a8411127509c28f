package io.postrider.message;

import java.util.ArrayList;
import java.util.List;

/**
 * A value with parameters behind it, as Content-Type and Content-Disposition have: RFC 2045 §5.1, read with patience for
 * missing quotes and stray semicolons. What RFC 2231 does to names and values stays as it is: clients undo it.
 *
 * @param value what stands before the first semicolon, without comments
 * @param parameters in order, at most {@link ParserLimits#PARAMETERS}
 */
record ParameterList(String value, List<Parameter> parameters) {
    record Parameter(String name, String value) {}

    static ParameterList parse(String field) {
        return new Reader(field).read();
    }

    /** The value of a parameter, its pieces (RFC 2231 §3) joined; null when there is none. */
    String get(String name) {
        StringBuilder pieces = null;
        for (Parameter parameter : parameters) {
            if (parameter.name().equalsIgnoreCase(name)) {
                return parameter.value();
            }
            boolean piece = parameter.name().length() > name.length()
                    && parameter.name().charAt(name.length()) == '*'
                    && parameter.name().regionMatches(true, 0, name, 0, name.length());
            if (piece) {
                pieces = pieces == null ? new StringBuilder() : pieces;
                pieces.append(parameter.value());
            }
        }
        return pieces == null ? null : pieces.toString();
    }

    private static final class Reader {
        private final String field;
        private int at;

        Reader(String field) {
            this.field = field;
        }

        ParameterList read() {
            String value = untilSemicolon();
            List<Parameter> parameters = new ArrayList<>(2);
            while (at < field.length() && parameters.size() < ParserLimits.PARAMETERS) {
                at++;
                String name = name();
                if (at < field.length() && field.charAt(at) == '=') {
                    at++;
                    String parameterValue = value();
                    if (!name.isEmpty()) {
                        parameters.add(new Parameter(name, parameterValue));
                    }
                }
                while (at < field.length() && field.charAt(at) != ';') {
                    at++;
                }
            }
            return new ParameterList(value, parameters);
        }

        private String untilSemicolon() {
            StringBuilder value = new StringBuilder();
            while (at < field.length() && field.charAt(at) != ';') {
                if (field.charAt(at) == '(') {
                    skipComment();
                } else {
                    value.append(field.charAt(at++));
                }
            }
            return value.toString().strip();
        }

        private String name() {
            skipSpaceAndComments();
            int start = at;
            while (at < field.length() && field.charAt(at) != '=' && field.charAt(at) != ';') {
                at++;
            }
            return field.substring(start, at).strip();
        }

        private String value() {
            skipSpaceAndComments();
            if (at < field.length() && field.charAt(at) == '"') {
                return quoted();
            }
            int start = at;
            while (at < field.length() && field.charAt(at) != ';') {
                at++;
            }
            String value = field.substring(start, at).strip();
            // "us-ascii (Plain text)" ends in a comment, "report (2).pdf" does not. RFC 2045 §5.1
            int comment = value.endsWith(")") ? value.indexOf(" (") : -1;
            return comment > 0 ? value.substring(0, comment).strip() : value;
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            at++;
            while (at < field.length()) {
                char c = field.charAt(at++);
                if (c == '"') {
                    break;
                }
                value.append(c == '\\' && at < field.length() ? field.charAt(at++) : c);
            }
            return value.toString();
        }

        private void skipSpaceAndComments() {
            while (at < field.length()) {
                char c = field.charAt(at);
                if (c == '(') {
                    skipComment();
                } else if (c == ' ' || c == '\t') {
                    at++;
                } else {
                    return;
                }
            }
        }

        private void skipComment() {
            int depth = 0;
            while (at < field.length()) {
                char c = field.charAt(at++);
                if (c == '\\' && at < field.length()) {
                    at++;
                } else if (c == '(') {
                    depth++;
                } else if (c == ')' && --depth == 0) {
                    return;
                }
            }
        }
    }
}
