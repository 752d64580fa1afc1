package org.cinnabar.truffle;

import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.InvalidArrayIndexException;
import com.oracle.truffle.api.interop.InvalidBufferOffsetException;
import com.oracle.truffle.api.interop.TruffleObject;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The values of an output in row-major order, as an array and as a buffer in native order. */
@ExportLibrary(InteropLibrary.class)
final class FloatsValue implements TruffleObject {
    private final ByteBuffer bytes;
    private final FloatBuffer floats;

    /** A value of {@code length} zeros. */
    FloatsValue(int length) {
        bytes = ByteBuffer.allocate(length * Float.BYTES);
        floats = bytes.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** The memory itself. */
    FloatBuffer floats() {
        return floats.duplicate();
    }

    @ExportMessage
    boolean hasArrayElements() {
        return true;
    }

    @ExportMessage
    long getArraySize() {
        return floats.capacity();
    }

    @ExportMessage
    boolean isArrayElementReadable(long index) {
        return index >= 0 && index < floats.capacity();
    }

    @ExportMessage
    float readArrayElement(long index) throws InvalidArrayIndexException {
        if (!isArrayElementReadable(index)) {
            throw InvalidArrayIndexException.create(index);
        }
        return floats.get((int) index);
    }

    @ExportMessage
    boolean hasBufferElements() {
        return true;
    }

    @ExportMessage
    long getBufferSize() {
        return bytes.capacity();
    }

    /** The place of {@code length} bytes at {@code offset}. */
    private int checked(long offset, int length) throws InvalidBufferOffsetException {
        if (offset < 0 || offset > bytes.capacity() - length) {
            throw InvalidBufferOffsetException.create(offset, length);
        }
        return (int) offset;
    }

    private ByteBuffer in(ByteOrder order) {
        return bytes.duplicate().order(order);
    }

    @ExportMessage
    byte readBufferByte(long offset) throws InvalidBufferOffsetException {
        return bytes.get(checked(offset, Byte.BYTES));
    }

    @ExportMessage
    void readBuffer(long offset, byte[] destination, int from, int length)
            throws InvalidBufferOffsetException {
        bytes.get(checked(offset, length), destination, from, length);
    }

    @ExportMessage
    short readBufferShort(ByteOrder order, long offset) throws InvalidBufferOffsetException {
        return in(order).getShort(checked(offset, Short.BYTES));
    }

    @ExportMessage
    int readBufferInt(ByteOrder order, long offset) throws InvalidBufferOffsetException {
        return in(order).getInt(checked(offset, Integer.BYTES));
    }

    @ExportMessage
    long readBufferLong(ByteOrder order, long offset) throws InvalidBufferOffsetException {
        return in(order).getLong(checked(offset, Long.BYTES));
    }

    @ExportMessage
    float readBufferFloat(ByteOrder order, long offset) throws InvalidBufferOffsetException {
        return in(order).getFloat(checked(offset, Float.BYTES));
    }

    @ExportMessage
    double readBufferDouble(ByteOrder order, long offset) throws InvalidBufferOffsetException {
        return in(order).getDouble(checked(offset, Double.BYTES));
    }
}
