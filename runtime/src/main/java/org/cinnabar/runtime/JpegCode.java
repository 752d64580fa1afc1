package org.cinnabar.runtime;

/** A Huffman code of at most 16 bits: for every 16 bits, what they begin with. */
final class JpegCode {
    private final short[] entries = new short[1 << 16];

    /** The code with {@code counts} words of 1 to 16 bits for {@code symbols}, in order. */
    JpegCode(int[] counts, byte[] symbols) {
        int word = 0;
        int symbol = 0;
        for (int length = 1; length <= 16; length++) {
            for (int i = 0; i < counts[length - 1]; i++) {
                int span = 1 << 16 - length;
                if (word + span > entries.length) {
                    throw new IllegalArgumentException("a code has too many words");
                }
                short entry = (short) (length << 8 | symbols[symbol++] & 0xFF);
                java.util.Arrays.fill(entries, word, word + span, entry);
                word += span;
            }
        }
    }

    /** Length in bits times 256, plus the symbol, of the word that {@code bits} begin with. */
    int entry(int bits) {
        int entry = entries[bits];
        if (entry == 0) {
            throw new IllegalArgumentException("its pixels are damaged");
        }
        return entry;
    }
}
