package org.cinnabar.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cinnabar.runtime.Signature;

/** A fresh JVM that runs ONNX Runtime and nothing else. */
public final class ColdOnnxRuntime {
    private ColdOnnxRuntime() {}

    /** The inputs of {@code signature} as words, {@code name=1x3x224x224}. */
    static Stream<String> words(Signature signature) {
        return signature.inputs().stream()
                .map(
                        port ->
                                port.name()
                                        + "="
                                        + port.shape().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining("x")));
    }

    /** Takes the model, the number of threads, and the inputs. */
    public static void main(String[] words) throws OrtException {
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(Integer.parseInt(words[1]));
        options.setInterOpNumThreads(1);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (String word : Arrays.copyOfRange(words, 2, words.length)) {
            int split = word.lastIndexOf('=');
            long[] shape =
                    Arrays.stream(word.substring(split + 1).split("x"))
                            .mapToLong(Long::parseLong)
                            .toArray();
            int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            FloatBuffer values = FloatBuffer.allocate(count);
            inputs.put(
                    word.substring(0, split), OnnxTensor.createTensor(environment, values, shape));
        }
        OrtSession session = environment.createSession(words[0], options);
        System.out.println(Settling.measure(() -> run(session, inputs)));
    }

    private static void run(OrtSession session, Map<String, OnnxTensor> inputs) {
        try (OrtSession.Result _ = session.run(inputs)) {
            // Only the time matters.
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
