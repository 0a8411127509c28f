package io.postrider.smtp;

/**
 * The octets behind BDAT: as many as were announced, whatever they are. RFC 3030 §2
 *
 * <p>Bare CR and LF are let through: the count says where the chunk ends, so there is nothing to smuggle, and a part of
 * binary encoding has to be taken even where BINARYMIME is not offered (RFC 3030 §3).
 */
final class ChunkReader implements MessageFraming {
    private long missing;
    private int contentEnd;

    ChunkReader(long octets) {
        missing = octets;
    }

    @Override
    public void read(byte[] octets) {
        contentEnd = (int) Math.min(missing, octets.length);
        missing -= contentEnd;
    }

    @Override
    public int contentEnd() {
        return contentEnd;
    }

    @Override
    public int next() {
        return contentEnd;
    }

    @Override
    public boolean ended() {
        return missing == 0;
    }

    @Override
    public boolean hasBareLineEnd() {
        return false;
    }
}
