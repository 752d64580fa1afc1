package org.cinnabar.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Signature;

/**
 * ONNX Runtime with all optimizations, one operator at a time, reading and writing native memory
 * that is bound once.
 */
final class OnnxRuntimeEngine implements Engine {
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
    private final List<FloatBuffer> results;

    OnnxRuntimeEngine(Path model, Signature signature, List<float[]> values, int threads) {
        this(model, signature, values, threads, null);
    }

    /** Writes a profile to a file that begins with {@code profile}, unless that is null. */
    OnnxRuntimeEngine(
            Path model,
            Signature signature,
            List<float[]> values,
            int threads,
            @org.jspecify.annotations.Nullable Path profile) {
        try {
            session = open(model, threads, profile);
            for (int i = 0; i < values.size(); i++) {
                Port port = signature.inputs().get(i);
                FloatBuffer memory = memory(port).put(0, values.get(i));
                inputs.put(port.name(), tensor(port, memory));
            }
            results = signature.outputs().stream().map(OnnxRuntimeEngine::memory).toList();
            for (int i = 0; i < results.size(); i++) {
                Port port = signature.outputs().get(i);
                outputs.put(port.name(), tensor(port, results.get(i)));
            }
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    private static OrtSession open(
            Path model, int threads, @org.jspecify.annotations.Nullable Path profile)
            throws OrtException {
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            if (profile != null) {
                options.enableProfiling(profile.toString());
            }
            return environment.createSession(model.toString(), options);
        }
    }

    private static FloatBuffer memory(Port port) {
        return ByteBuffer.allocateDirect(Float.BYTES * port.length())
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static OnnxTensor tensor(Port port, FloatBuffer memory) throws OrtException {
        long[] extents = port.shape().stream().mapToLong(Integer::longValue).toArray();
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), memory, extents);
    }

    @Override
    public void run() {
        try (OrtSession.Result _ = session.run(inputs, outputs)) {
            // The results are in the memory bound to the outputs.
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    @Override
    public float[] output(int index) {
        FloatBuffer result = results.get(index);
        float[] values = new float[result.capacity()];
        result.get(0, values);
        return values;
    }

    /** Ends the profile and returns its file. */
    Path endProfile() {
        try {
            return Path.of(session.endProfiling());
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        outputs.values().forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    private static IllegalStateException failed(OrtException e) {
        return new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
}
