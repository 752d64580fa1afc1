package org.cinnabar.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cinnabar.runtime.Signature;

/** A fresh JVM that runs ONNX Runtime and nothing else. */
public final class ColdOnnxRuntime {
    private ColdOnnxRuntime() {}

    /** What follows {@code java} to run the model in {@code file}, which has {@code signature}. */
    static List<String> command(Path file, Signature signature, int threads, int inferences) {
        Stream<String> inputs =
                signature.inputs().stream()
                        .map(
                                port ->
                                        port.name()
                                                + "="
                                                + port.shape().stream()
                                                        .map(String::valueOf)
                                                        .collect(Collectors.joining("x")));
        List<String> words =
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        ColdOnnxRuntime.class.getName(),
                        file.toString(),
                        Integer.toString(threads),
                        Integer.toString(inferences));
        return Stream.concat(words.stream(), inputs).toList();
    }

    /** Takes the model, the numbers of threads and of inferences at most, and the inputs. */
    public static void main(String[] words) throws OrtException {
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(Integer.parseInt(words[1]));
        options.setInterOpNumThreads(1);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (String word : Arrays.copyOfRange(words, 3, words.length)) {
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
        System.out.println(
                Settling.measure(() -> run(session, inputs), Integer.parseInt(words[2])));
    }

    private static void run(OrtSession session, Map<String, OnnxTensor> inputs) {
        try (OrtSession.Result _ = session.run(inputs)) {
            // Only the time matters.
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
