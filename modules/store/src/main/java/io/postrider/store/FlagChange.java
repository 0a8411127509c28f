package io.postrider.store;

/** What STORE asks for. RFC 3501 §6.4.6 */
public record FlagChange(Mode mode, Flags flags) {
    public enum Mode {
        /** FLAGS */
        REPLACE,
        /** +FLAGS */
        ADD,
        /** -FLAGS */
        REMOVE
    }

    public Flags applyTo(Flags before) {
        return switch (mode) {
            case REPLACE -> flags;
            case ADD -> before.plus(flags);
            case REMOVE -> before.minus(flags);
        };
    }
}
