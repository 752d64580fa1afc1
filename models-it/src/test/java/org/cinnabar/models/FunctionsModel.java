package org.cinnabar.models;

import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.frontend.onnx.GraphProto;
import org.cinnabar.frontend.onnx.ModelProto;
import org.cinnabar.frontend.onnx.NodeProto;
import org.cinnabar.frontend.onnx.OperatorSetIdProto;
import org.cinnabar.frontend.onnx.TensorProto;
import org.cinnabar.frontend.onnx.TypeProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;

/**
 * A model whose outputs are functions of its input that compare or take exponentials: in rows
 * shorter than any vector, and in one stretch of vectors and a rest.
 */
final class FunctionsModel {
    private static final int ROWS = 1001;
    private static final int ROW = 3;
    static final List<Integer> SHAPE = List.of(ROWS, ROW);

    private static final List<String> FUNCTIONS =
            List.of("Exp", "Sigmoid", "Tanh", "Erf", "Floor", "Round", "LeakyRelu", "Softmax");

    private FunctionsModel() {}

    /** From beyond where functions are 0, 1 or infinite to where they vanish beside 1. */
    static float[] numbers() {
        float[] numbers = new float[ROWS * ROW];
        for (int i = 0; i < numbers.length; i++) {
            double position = 2.0 * i / (numbers.length - 1) - 1;
            numbers[i] = (float) (120 * position * position * position);
        }
        numbers[1] = -1e30f;
        numbers[5] = 1e30f;
        numbers[7] = -0f;
        numbers[11] = Float.MIN_VALUE;
        return numbers;
    }

    /** The model's file. */
    static byte[] bytes() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("functions");
        graph.addInput(value("x"));
        graph.addInitializer(
                TensorProto.newBuilder()
                        .setName("by_row")
                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                        .addDims(ROWS)
                        .addDims(1)
                        .addAllFloatData(
                                IntStream.range(0, ROWS).mapToObj(i -> 1 + i / 1e4f).toList()));
        graph.addNode(node("Mul", "rows", "x", "by_row"));
        for (String function : FUNCTIONS) {
            for (String operand : List.of("x", "rows")) {
                String result = function + "_" + operand;
                graph.addNode(node(function, result, operand));
                graph.addOutput(value(result));
            }
        }
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static NodeProto.Builder node(String operator, String result, String... operands) {
        return NodeProto.newBuilder()
                .setName(result)
                .setOpType(operator)
                .addAllInput(List.of(operands))
                .addOutput(result);
    }

    private static ValueInfoProto.Builder value(String name) {
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber());
        for (int extent : SHAPE) {
            tensor.getShapeBuilder().addDimBuilder().setDimValue(extent);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor));
    }
}
