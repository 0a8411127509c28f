package io.postrider.message;

import java.util.Arrays;

/**
 * Reads a message as its octets arrive, in one pass, and never throws on what they hold.
 *
 * <p>Not safe for several threads. Keeps no body octets beyond a line and what it decodes for search.
 *
 * <p>A line ends with CRLF or a bare LF; a bare CR is an octet like any other. Only lines that begin with a hyphen, and
 * only while a multipart is open, are collected before they are understood: they may be delimiters.
 */
public final class MessageParser {
    /** Hyphens, boundary, hyphens, white space behind, line end. A longer line is no delimiter. */
    private static final int DELIMITER_OCTETS = ParserLimits.BOUNDARY_OCTETS + 64;

    private static final int HEADER_AT_FIRST = 2048;

    private final EntityStack entities;
    private byte[] header = new byte[HEADER_AT_FIRST];
    private int headerLength;
    private int headerLineStart;
    private boolean inHeader = true;
    private byte[] rootHeader;

    private final byte[] candidate = new byte[DELIMITER_OCTETS];
    private int candidateLength;
    private boolean inCandidate;

    private long position;
    private long lineFeeds;
    private int lastLineEnd;
    private byte previous;
    private boolean atLineStart = true;

    public MessageParser(ParserLimits limits) {
        this(limits, TextRoom.UNBOUNDED);
    }

    /** @param room for its text; to be given back by {@link #finish} or {@link #abandon} */
    public MessageParser(ParserLimits limits, TextRoom room) {
        entities = new EntityStack(limits, room);
    }

    /** Takes the next octets; they may be cut anywhere. */
    public void feed(byte[] octets, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (inCandidate) {
                at = readCandidate(octets, at, end);
            } else if (atLineStart && octets[at] == '-' && entities.hasBoundaries()) {
                inCandidate = true;
                candidateLength = 0;
            } else {
                at = readContent(octets, at, end);
            }
        }
    }

    /** True once the message's own header is complete, so that what follows is body. */
    public boolean headerComplete() {
        return rootHeader != null;
    }

    /**
     * Octets of the message's own header, closing empty line included, known once {@link #headerComplete}: where the store
     * cuts what it has been given into header and body. The same as the header's length in {@link #finish}.
     */
    public int headerLength() {
        return rootHeader.length;
    }

    /** Says that the message ends here. Call once. */
    public ParsedMessage finish() {
        // Read as content, it may fill a header that is then cut in front of it; so it is one anew.
        while (inCandidate) {
            endCandidate();
        }
        while (entities.depth() > 0) {
            closeInnermost(position, false);
        }
        ParsedMessage parsed = entities.parsed(rootHeader, position);
        entities.release();
        return parsed;
    }

    /** Says that the message will not come to an end. */
    public void abandon() {
        entities.release();
    }

    private int readContent(byte[] octets, int from, int end) {
        return inHeader ? readHeader(octets, from, end) : readBody(octets, from, end);
    }

    /** Reads lines until one may be a delimiter. The first one is known to be none. */
    private int readBody(byte[] octets, int from, int end) {
        boolean boundaries = entities.hasBoundaries();
        int at = from;
        while (true) {
            int lineFeed = indexOfLineFeed(octets, at, end);
            if (lineFeed == end) {
                atLineStart = false;
                at = end;
                break;
            }
            countLine(octets, from, lineFeed);
            at = lineFeed + 1;
            if (at == end || boundaries && octets[at] == '-') {
                break;
            }
        }
        if (entities.readsText()) {
            entities.text(octets, from, at - from);
        }
        consumed(octets, from, at);
        return at;
    }

    /** Reads at most one line. */
    private int readHeader(byte[] octets, int from, int end) {
        int stop = Math.min(end, from + entities.headerLimit() - headerLength);
        int lineFeed = indexOfLineFeed(octets, from, stop);
        int at = lineFeed == stop ? stop : lineFeed + 1;
        appendHeader(octets, from, at - from);
        if (lineFeed < stop) {
            countLine(octets, from, lineFeed);
        } else {
            atLineStart = false;
        }
        consumed(octets, from, at);
        if (atLineStart && isHeaderLineEmpty()) {
            endHeader(headerLength);
            return at;
        }
        if (atLineStart) {
            headerLineStart = headerLength;
        }
        if (headerLength == entities.headerLimit()) {
            cutHeader();
        }
        return at;
    }

    private boolean isHeaderLineEmpty() {
        int length = headerLength - headerLineStart;
        return length == 1 || length == 2 && header[headerLineStart] == '\r';
    }

    /** The header is too long: it ends behind its last whole line, and the octets behind that are read as body. */
    private void cutHeader() {
        int cut = headerLineStart > 0 ? headerLineStart : headerLength;
        byte[] beyond = Arrays.copyOfRange(header, cut, headerLength);
        position -= beyond.length;
        previous = cut > 0 ? header[cut - 1] : 0;
        endHeader(cut);
        feed(beyond, 0, beyond.length);
    }

    private void endHeader(int length) {
        if (rootHeader == null) {
            rootHeader = Arrays.copyOf(header, length);
        }
        inHeader = entities.headerComplete(header, length, position, lineFeeds);
        headerLength = 0;
        headerLineStart = 0;
        atLineStart = true;
    }

    private int readCandidate(byte[] octets, int from, int end) {
        int at = from;
        while (at < end && candidateLength < candidate.length) {
            byte octet = octets[at++];
            candidate[candidateLength++] = octet;
            if (octet == '\n') {
                endCandidate();
                return at;
            }
            if (candidateLength == 2 && octet != '-') {
                readCandidateAsContent();
                return at;
            }
        }
        if (candidateLength == candidate.length) {
            readCandidateAsContent();
        }
        return at;
    }

    private void endCandidate() {
        EntityStack.Delimiter delimiter = candidateLength < 3 ? null : entities.delimiter(candidate, candidateLength);
        if (delimiter == null) {
            readCandidateAsContent();
            return;
        }
        inCandidate = false;
        // The line break before a delimiter belongs to it. RFC 2046 §5.1.1
        long bodyEnd = position - lastLineEnd;
        while (entities.depth() > delimiter.index() + 1) {
            closeInnermost(bodyEnd, true);
        }
        boolean wholeLine = candidate[candidateLength - 1] == '\n';
        if (wholeLine) {
            countLine(candidate, 0, candidateLength - 1);
        }
        consumed(candidate, 0, candidateLength);
        atLineStart = true;
        if (delimiter.closing()) {
            entities.closeBoundary();
        } else {
            entities.beginPart(position);
            inHeader = true;
        }
    }

    /** The first octets are taken as they are; behind a header that is cut there may be another candidate. */
    private void readCandidateAsContent() {
        inCandidate = false;
        byte[] line = Arrays.copyOf(candidate, candidateLength);
        int at = readContent(line, 0, line.length);
        feed(line, at, line.length - at);
    }

    private void closeInnermost(long bodyEnd, boolean byDelimiter) {
        if (inHeader) {
            endHeader(headerLength);
            if (inHeader) {
                return;
            }
        }
        entities.close(bodyEnd, lineFeeds, byDelimiter);
    }

    private void countLine(byte[] octets, int from, int lineFeed) {
        lineFeeds++;
        byte before = lineFeed > from ? octets[lineFeed - 1] : previous;
        lastLineEnd = before == '\r' ? 2 : 1;
        atLineStart = true;
    }

    private void consumed(byte[] octets, int from, int to) {
        position += to - from;
        if (to > from) {
            previous = octets[to - 1];
        }
    }

    private void appendHeader(byte[] octets, int from, int length) {
        if (header.length - headerLength < length) {
            header = Arrays.copyOf(header, Math.max(headerLength + length, header.length * 2));
        }
        System.arraycopy(octets, from, header, headerLength, length);
        headerLength += length;
    }

    private static int indexOfLineFeed(byte[] octets, int from, int end) {
        int at = from;
        while (at < end && octets[at] != '\n') {
            at++;
        }
        return at;
    }
}
