package io.postrider.server.config;

/** A value that must not reach a log, an error or a screen by being part of something printed. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
