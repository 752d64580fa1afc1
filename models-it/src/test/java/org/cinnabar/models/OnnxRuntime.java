package org.cinnabar.models;

import static ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cinnabar.frontend.onnx.GraphProto;
import org.cinnabar.frontend.onnx.ModelProto;
import org.cinnabar.frontend.onnx.TensorShapeProto.Dimension;
import org.cinnabar.frontend.onnx.TypeProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;

/** ONNX Runtime as the reference for models of one input. */
final class OnnxRuntime {
    private OnnxRuntime() {}

    /** Every output of {@code model} for {@code values} of {@code shape}, in the model's order. */
    static List<float[]> run(Path model, List<Integer> shape, float[] values)
            throws OrtException, IOException {
        long[] extents = shape.stream().mapToLong(Integer::longValue).toArray();
        OrtEnvironment environment = OrtEnvironment.getEnvironment(ORT_LOGGING_LEVEL_ERROR);
        try (OrtSession session = environment.createSession(freed(model));
                OnnxTensor input =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), extents);
                OrtSession.Result result =
                        session.run(Map.of(session.getInputNames().iterator().next(), input))) {
            List<float[]> outputs = new ArrayList<>();
            for (Map.Entry<String, OnnxValue> output : result) {
                FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
                float[] copy = new float[buffer.remaining()];
                buffer.get(copy);
                outputs.add(copy);
            }
            return outputs;
        }
    }

    /**
     * {@code model} without the extents it declares, to which ONNX Runtime would hold its input.
     */
    private static byte[] freed(Path model) throws IOException {
        ModelProto.Builder freed = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
        GraphProto.Builder graph = freed.getGraphBuilder().clearValueInfo();
        graph.getInputBuilderList().forEach(OnnxRuntime::free);
        graph.getOutputBuilderList().forEach(OnnxRuntime::free);
        return freed.build().toByteArray();
    }

    private static void free(ValueInfoProto.Builder port) {
        TypeProto.Tensor.Builder type = port.getTypeBuilder().getTensorTypeBuilder();
        type.getShapeBuilder().getDimBuilderList().forEach(Dimension.Builder::clear);
    }
}
