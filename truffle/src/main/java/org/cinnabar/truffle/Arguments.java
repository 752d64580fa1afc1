package org.cinnabar.truffle;

import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.interop.ArityException;
import com.oracle.truffle.api.interop.InteropException;
import com.oracle.truffle.api.interop.InteropLibrary;
import java.nio.ByteOrder;
import java.util.List;
import org.cinnabar.runtime.Port;

/** Values of other languages as inputs of a model. */
final class Arguments {
    private static final InteropLibrary INTEROP = InteropLibrary.getUncached();

    private Arguments() {}

    /** A value for each of {@code inputs}: the arguments, or the members of the only one. */
    static Object[] ordered(List<Port> inputs, Object[] arguments) throws ArityException {
        if (arguments.length == 1 && isRecord(arguments[0], inputs)) {
            return inputs.stream().map(port -> member(arguments[0], port.name())).toArray();
        }
        if (arguments.length != inputs.size()) {
            throw ArityException.create(inputs.size(), inputs.size(), arguments.length);
        }
        return arguments;
    }

    private static boolean isRecord(Object value, List<Port> inputs) {
        return !INTEROP.hasArrayElements(value)
                && !INTEROP.hasBufferElements(value)
                && inputs.stream()
                        .anyMatch(
                                port ->
                                        INTEROP.isMemberReadable(value, port.name())
                                                || INTEROP.isHashEntryReadable(value, port.name()));
    }

    private static Object member(Object value, String name) {
        try {
            return INTEROP.isMemberReadable(value, name)
                    ? INTEROP.readMember(value, name)
                    : INTEROP.readHashValue(value, name);
        } catch (InteropException e) {
            throw new OnnxException("the input '" + name + "' is missing among the members");
        }
    }

    /** The numbers in {@code value}, an array or a buffer of floats in native order. */
    static float[] floats(String input, Object value) {
        TruffleLanguage.Env env = OnnxLanguage.env();
        if (env.isHostObject(value) && env.asHostObject(value) instanceof float[] array) {
            // As they are: asking for every element takes longer than many a model.
            return array;
        }
        try {
            if (INTEROP.hasBufferElements(value)) {
                float[] floats =
                        new float[Math.toIntExact(INTEROP.getBufferSize(value) / Float.BYTES)];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] =
                            INTEROP.readBufferFloat(
                                    value, ByteOrder.nativeOrder(), (long) i * Float.BYTES);
                }
                return floats;
            }
            if (INTEROP.hasArrayElements(value)) {
                float[] floats = new float[Math.toIntExact(INTEROP.getArraySize(value))];
                for (int i = 0; i < floats.length; i++) {
                    Object element = INTEROP.readArrayElement(value, i);
                    floats[i] =
                            INTEROP.fitsInFloat(element)
                                    ? INTEROP.asFloat(element)
                                    : (float) INTEROP.asDouble(element);
                }
                return floats;
            }
        } catch (InteropException e) {
            throw new OnnxException("input '" + input + "' holds something that is no number");
        }
        throw new OnnxException(
                "input '" + input + "' takes an array or a buffer of numbers, got another value");
    }
}
