package org.cinnabar.runtime;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The caller's memory behind one input or output of a session.
 *
 * <p>Bound memory is read (input) or written (output) by {@link Session#run} and stays bound until
 * other memory is. It holds f32 values in row-major order: exactly the compiled shape, or any
 * positive number of them one after the other if the model is batchable. Every {@code bind} rejects
 * other sizes with an {@link IllegalArgumentException}. An output that is not bound is not copied.
 */
public final class Slot {
    private final Signature signature;
    private final Port port;
    private final boolean input;
    private final int length;
    private float @Nullable [] array;
    private @Nullable FloatBuffer buffer;
    private @Nullable MemorySegment segment;
    private int start;
    private int units;

    Slot(Signature signature, Port port, boolean input) {
        this.signature = signature;
        this.port = port;
        this.input = input;
        this.length = port.length();
    }

    /** The port this memory belongs to. */
    public Port port() {
        return port;
    }

    /** Binds all of {@code values}. */
    public void bind(float[] values) {
        bind(values, 0, values.length);
    }

    /** Binds {@code count} values of {@code values} from index {@code from}. */
    public void bind(float[] values, int from, int count) {
        Objects.checkFromIndexSize(from, count, values.length);
        int bound = units(count);
        clear();
        array = values;
        start = from;
        units = bound;
    }

    /**
     * Binds the values between position and limit; neither moves, and moving them later changes
     * nothing. An output rejects a read-only buffer.
     */
    public void bind(FloatBuffer values) {
        rejectReadOnly(values.isReadOnly());
        int bound = units(values.remaining());
        clear();
        buffer = values;
        start = values.position();
        units = bound;
    }

    /**
     * Binds all of {@code values}: floats in native byte order, at any alignment. Rejects a size
     * that is no multiple of four bytes and, for an output, a read-only segment.
     */
    public void bind(MemorySegment values) {
        rejectReadOnly(values.isReadOnly());
        if (values.byteSize() % Float.BYTES != 0) {
            throw new IllegalArgumentException(
                    described()
                            + " takes floats of 4 bytes; got a segment of "
                            + values.byteSize()
                            + " bytes");
        }
        int bound = units(values.byteSize() / Float.BYTES);
        clear();
        segment = values;
        units = bound;
    }

    /** Compiled shapes bound; 0 if nothing is. */
    int units() {
        return units;
    }

    void clear() {
        array = null;
        buffer = null;
        segment = null;
        start = 0;
        units = 0;
    }

    /** Copies compiled shape number {@code unit} into the arena. */
    void read(int unit, float[] arena) {
        if (array != null) {
            System.arraycopy(array, start + unit * length, arena, port.offset(), length);
        } else if (buffer != null) {
            buffer.get(start + unit * length, arena, port.offset(), length);
        } else if (segment != null) {
            long from = (long) unit * length * Float.BYTES;
            MemorySegment.copy(segment, JAVA_FLOAT_UNALIGNED, from, arena, port.offset(), length);
        }
    }

    /** Copies compiled shape number {@code unit} out of the arena. */
    void write(int unit, float[] arena) {
        if (array != null) {
            System.arraycopy(arena, port.offset(), array, start + unit * length, length);
        } else if (buffer != null) {
            buffer.put(start + unit * length, arena, port.offset(), length);
        } else if (segment != null) {
            long to = (long) unit * length * Float.BYTES;
            MemorySegment.copy(arena, port.offset(), segment, JAVA_FLOAT_UNALIGNED, to, length);
        }
    }

    private int units(long count) {
        boolean fits = signature.batchable() ? count > 0 && count % length == 0 : count == length;
        if (!fits) {
            throw new IllegalArgumentException(expected(count));
        }
        return Math.toIntExact(count / length);
    }

    private String expected(long count) {
        List<Integer> shape = port.shape();
        if (!signature.batchable()) {
            return described()
                    + " takes "
                    + Port.text(shape)
                    + " = "
                    + length
                    + " values; got "
                    + count;
        }
        int batch = shape.getFirst();
        List<Integer> item = batch == 1 ? shape.subList(1, shape.size()) : shape;
        return described()
                + " takes "
                + Port.text(item)
                + " = "
                + length
                + " values per "
                + (batch == 1 ? "item" : "batch of " + batch)
                + "; got "
                + count
                + (count == 0 ? "" : ", which is not a multiple");
    }

    private void rejectReadOnly(boolean readOnly) {
        if (readOnly && !input) {
            throw new IllegalArgumentException(
                    described() + " cannot be written to read-only memory");
        }
    }

    String described() {
        return signature.name() + ": " + (input ? "input" : "output") + " '" + port.name() + "'";
    }
}
