package io.postrider.message;

import java.util.Arrays;

/** Characters that gather. A StringBuilder would ask with each one whether all of them still are Latin-1. */
final class Characters {
    private char[] array;
    private int length;

    Characters(int capacity) {
        array = new char[capacity];
    }

    int length() {
        return length;
    }

    char at(int index) {
        return array[index];
    }

    void append(char c) {
        if (length == array.length) {
            reserve(1);
        }
        array[length++] = c;
    }

    void append(String text) {
        append(text, text.length());
    }

    /** The first {@code count} of {@code text}. */
    void append(String text, int count) {
        reserve(count);
        text.getChars(0, count, array, length);
        length += count;
    }

    /** The first {@code count} of {@code others}. */
    void append(Characters others, int count) {
        append(others.array, count);
    }

    /** The first {@code count} of {@code characters}. */
    void append(char[] characters, int count) {
        reserve(count);
        System.arraycopy(characters, 0, array, length, count);
        length += count;
    }

    void clear() {
        length = 0;
    }

    private void reserve(int count) {
        if (count > array.length - length) {
            array = Arrays.copyOf(array, Math.max(length + count, 2 * array.length));
        }
    }

    @Override
    public String toString() {
        return new String(array, 0, length);
    }
}
