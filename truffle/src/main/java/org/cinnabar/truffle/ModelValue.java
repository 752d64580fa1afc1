package org.cinnabar.truffle;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.interop.ArityException;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.TruffleObject;
import com.oracle.truffle.api.interop.UnknownIdentifierException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Session;

/**
 * A compiled model: a function of its inputs, in order, or of one object with a member for each.
 * Inputs are arrays or buffers of numbers in row-major order. It returns the only output, or an
 * object with a member for each. The members {@code name}, {@code inputs} and {@code outputs}
 * describe it.
 */
@ExportLibrary(InteropLibrary.class)
final class ModelValue implements TruffleObject {
    private final Model model;
    private final Map<String, Object> members = new LinkedHashMap<>();

    /** Sessions that nobody runs; there are as many as ever ran at once. */
    private final Queue<Session> idle = new ConcurrentLinkedQueue<>();

    ModelValue(Model model) {
        this.model = model;
        members.put("name", model.signature().name());
        members.put("inputs", described(model.signature().inputs()));
        members.put("outputs", described(model.signature().outputs()));
    }

    private static Object described(List<Port> ports) {
        return new ListValue(
                ports.stream()
                        .map(
                                port ->
                                        new RecordValue(
                                                Map.of(
                                                        "name",
                                                        port.name(),
                                                        "type",
                                                        "f32",
                                                        "shape",
                                                        new ListValue(port.shape()))))
                        .toList());
    }

    @ExportMessage
    boolean isExecutable() {
        return true;
    }

    @ExportMessage
    @TruffleBoundary
    Object execute(Object[] arguments) throws ArityException {
        List<Port> inputs = model.signature().inputs();
        Object[] values = Arguments.ordered(inputs, arguments);
        Session pooled = idle.poll();
        Session session = pooled == null ? model.session() : pooled;
        int units = 1;
        try {
            for (int i = 0; i < values.length; i++) {
                float[] floats = Arguments.floats(inputs.get(i).name(), values[i]);
                session.input(i).bind(floats);
                units = floats.length / inputs.get(i).length();
            }
            return run(session, units);
        } catch (IllegalArgumentException e) {
            throw new OnnxException(String.valueOf(e.getMessage()));
        } finally {
            idle.add(session);
        }
    }

    private Object run(Session session, int units) {
        List<Port> outputs = model.signature().outputs();
        Map<String, Object> results = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            FloatsValue values = new FloatsValue(units * outputs.get(i).length());
            session.output(i).bind(values.floats());
            results.put(outputs.get(i).name(), values);
        }
        session.run();
        return results.size() == 1 ? results.values().iterator().next() : new RecordValue(results);
    }

    @ExportMessage
    boolean hasMembers() {
        return true;
    }

    @ExportMessage
    @TruffleBoundary
    Object getMembers(boolean includeInternal) {
        return new ListValue(List.copyOf(members.keySet()));
    }

    @ExportMessage
    @TruffleBoundary
    boolean isMemberReadable(String member) {
        return members.containsKey(member);
    }

    @ExportMessage
    @TruffleBoundary
    Object readMember(String member) throws UnknownIdentifierException {
        Object value = members.get(member);
        if (value == null) {
            throw UnknownIdentifierException.create(member);
        }
        return value;
    }

    @ExportMessage
    boolean hasLanguage() {
        return true;
    }

    @ExportMessage
    Class<OnnxLanguage> getLanguage() {
        return OnnxLanguage.class;
    }

    @ExportMessage
    @TruffleBoundary
    Object toDisplayString(boolean allowSideEffects) {
        return model.toString();
    }
}
