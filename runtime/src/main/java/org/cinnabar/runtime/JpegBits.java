package org.cinnabar.runtime;

/** The bits of a scan, most significant first; zeros after its end. */
final class JpegBits {
    private final byte[] file;
    private int at;
    private int bits;
    private int count;

    JpegBits(byte[] file, int at) {
        this.file = file;
        this.at = at;
    }

    /** The index in the file of the marker that ends the scan, or of what was not used yet. */
    int position() {
        return at;
    }

    /** Skips to behind the next marker of a restart. */
    void restart() {
        bits = 0;
        count = 0;
        while (at + 1 < file.length
                && !(file[at] == (byte) 0xFF && (file[at + 1] & 0xF8) == 0xD0)) {
            at++;
        }
        at += 2;
    }

    /** The next symbol of {@code code}. */
    int symbol(JpegCode code) {
        fill();
        int entry = code.entry(bits >>> 16);
        drop(entry >> 8);
        return entry & 0xFF;
    }

    /** The next {@code length} bits, at most 16, as a number. */
    int take(int length) {
        if (length == 0) {
            return 0;
        }
        fill();
        int value = bits >>> 32 - length;
        drop(length);
        return value;
    }

    /**
     * The next {@code length} bits as a number with a sign: those from 0 stand for negative ones.
     */
    int signed(int length) {
        int value = take(length);
        return length == 0 || value >= 1 << length - 1 ? value : value - (1 << length) + 1;
    }

    private void drop(int length) {
        bits <<= length;
        count -= length;
    }

    private void fill() {
        while (count <= 24) {
            int next = 0;
            if (at < file.length) {
                boolean escaped = file[at] == (byte) 0xFF;
                if (!escaped) {
                    next = file[at++] & 0xFF;
                } else if (at + 1 < file.length && file[at + 1] == 0) {
                    next = 0xFF;
                    at += 2;
                }
            }
            bits |= next << 24 - count;
            count += 8;
        }
    }
}
