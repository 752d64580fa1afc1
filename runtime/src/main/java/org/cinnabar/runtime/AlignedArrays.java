package org.cinnabar.runtime;

/**
 * Arrays that lie where the schedule expects them: their first number 16 bytes into a cache line,
 * so that vectors at multiples of 16 numbers, less 4, are whole lines.
 *
 * <p>On a JVM all arrays do that are large enough for regions of their own: longer than half of
 * one, which is 16 MB where the heap may grow to many GB, unless {@code -XX:G1HeapRegionSize} says
 * otherwise. A native executable gives large arrays memory of their own, too, but puts a table
 * before them, of a byte for each 512 of the array: some length not far above the one that is asked
 * for makes that whole lines.
 */
final class AlignedArrays {
    private static final int LINE = 64;
    private static final int ARRAY_HEADER = 16;
    private static final int MEMORY_HEADER = 64;
    private static final int PER_TABLE_ENTRY = 512;

    private AlignedArrays() {}

    /** At least {@code length} zeros; what there are more are whole lines. */
    static float[] floats(int length) {
        return new float[Executable.NATIVE ? lengthened(length) : length];
    }

    private static int lengthened(int length) {
        int more = length;
        while (before(more) % LINE != 0) {
            more = Math.addExact(more, PER_TABLE_ENTRY / Float.BYTES);
        }
        return more;
    }

    /** The bytes before an array of {@code length} numbers in the memory that it has for itself. */
    private static long before(int length) {
        long bytes = ARRAY_HEADER + (long) length * Float.BYTES;
        long table = Math.ceilDiv(bytes, PER_TABLE_ENTRY);
        return MEMORY_HEADER + Math.ceilDiv(table, Long.BYTES) * Long.BYTES;
    }
}
