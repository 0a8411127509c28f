package io.postrider.imap;

/** What {@link CommandFramer} makes of a client's octets. */
sealed interface Framed {
    /** Octets that it keeps in memory. */
    int length();

    /** A whole command, or a line that a running command waits for: without its line end, literals in their place. */
    record Whole(byte[] octets) implements Framed {
        @Override
        public int length() {
            return octets.length;
        }
    }

    /**
     * A command as far as a literal that nobody has agreed to yet: the framer waits until it is told to keep it, to stream
     * it or to let the command go.
     *
     * @param octets up to the literal's head and with it
     * @param streams whether it is a message, which is never kept in memory
     */
    record Begun(byte[] octets, Literal literal, boolean streams) implements Framed {
        @Override
        public int length() {
            return octets.length;
        }
    }

    /**
     * A command beyond a bound: its octets are gone.
     *
     * @param tag "*" when none could be read
     * @param condition BAD or NO
     * @param code response code without brackets, "" for none
     * @param last whether what follows can be told from nothing any more, so that the connection must end
     */
    record Unreadable(String tag, String condition, String code, String text, boolean last) implements Framed {
        @Override
        public int length() {
            return tag.length();
        }
    }
}
