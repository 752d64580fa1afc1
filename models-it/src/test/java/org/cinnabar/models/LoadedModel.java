package org.cinnabar.models;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Signature;

/**
 * A model of one input in this JVM, through the public methods of its jar's classes; a jar brings
 * its own runtime, so none of them has a type at compile time.
 */
final class LoadedModel {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();

    private final Signature signature;
    private final Object model;

    private LoadedModel(Signature signature, Object model) {
        this.signature = signature;
        this.model = model;
    }

    /** The method {@code run} of a model of one input and one output. */
    @FunctionalInterface
    public interface Runner {
        void run(float[] input, float[] output);
    }

    static LoadedModel of(ModelJar jar) throws IOException {
        try {
            // Never closed: the model loads classes as long as it lives.
            URLClassLoader loader = new URLClassLoader(new URL[] {jar.path().toUri().toURL()});
            Class<?> type = loader.loadClass(jar.className());
            return new LoadedModel(jar.signature(), type.getMethod("load").invoke(null));
        } catch (ReflectiveOperationException e) {
            throw new IOException(jar.path() + " holds no model " + jar.className(), e);
        }
    }

    /** The typed method that fills the caller's array. */
    Runner runner() throws ReflectiveOperationException {
        return MethodHandleProxies.asInterfaceInstance(Runner.class, run(1));
    }

    /** The first output for a batch of any size, by the model's own {@code run}. */
    float[] run(float[] input) throws Throwable {
        return runAll(input).getFirst();
    }

    /** Every output for a batch of any size, by the model's own {@code run}. */
    List<float[]> runAll(float[] input) throws Throwable {
        List<float[]> outputs = outputs(input);
        List<Object> arguments = new ArrayList<>(outputs);
        arguments.addFirst(input);
        run(outputs.size()).invokeWithArguments(arguments);
        return outputs;
    }

    /** The first output for a batch of any size, in a new session of {@code threads} threads. */
    float[] run(float[] input, int threads) throws ReflectiveOperationException {
        float[] output = outputs(input).getFirst();
        Object session = call(model, "session", threads);
        call(call(session, "input", 0), "bind", input);
        call(call(session, "output", 0), "bind", output);
        session.getClass().getMethod("run").invoke(session);
        return output;
    }

    private MethodHandle run(int outputs) throws ReflectiveOperationException {
        List<Class<?>> arrays = Collections.nCopies(1 + outputs, float[].class);
        MethodType type = MethodType.methodType(void.class, arrays);
        return LOOKUP.findVirtual(model.getClass(), "run", type).bindTo(model);
    }

    private List<float[]> outputs(float[] input) {
        int batch = input.length / signature.inputs().getFirst().length();
        return signature.outputs().stream()
                .map(Port::length)
                .map(length -> new float[batch * length])
                .toList();
    }

    private static Object call(Object target, String method, Object argument)
            throws ReflectiveOperationException {
        Class<?> type = argument instanceof Integer ? int.class : argument.getClass();
        return target.getClass().getMethod(method, type).invoke(target, argument);
    }
}
