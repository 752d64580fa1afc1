package org.cinnabar.passes.simplify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.rewrite.Accuracy;
import org.cinnabar.ir.rewrite.Pass;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.ir.rewrite.Substitution;

/**
 * Equal values become one node: the same op on the same operands, and constants of the same type
 * and bits.
 */
record Dedupe() implements Pass {
    /** A constant as what it holds. */
    private record Content(TensorType type, Object[] storage) {
        static Content of(Tensor tensor) {
            Object storage =
                    switch (tensor.dtype()) {
                        case F32 -> tensor.floats();
                        case F64 -> tensor.toDoubles();
                        case I8, U8, I32, I64, BOOL -> tensor.longs();
                    };
            return new Content(tensor.type(), new Object[] {storage});
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Content(var otherType, var otherStorage)
                    && type.equals(otherType)
                    && Arrays.deepEquals(storage, otherStorage);
        }

        @Override
        public int hashCode() {
            return 31 * type.hashCode() + Arrays.deepHashCode(storage);
        }
    }

    @Override
    public String name() {
        return "dedupe";
    }

    @Override
    public Accuracy accuracy() {
        return Accuracy.EXACT;
    }

    @Override
    public Graph run(Graph graph, PassTrace trace) {
        Substitution substitution = new Substitution();
        Map<Content, Node> constants = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Constant(Tensor value)) {
                substitution.bind(node, constants.computeIfAbsent(Content.of(value), _ -> node));
            }
        }
        Graph deduped = substitution.apply(graph);
        return deduped.nodes().size() == graph.nodes().size() ? graph : deduped;
    }
}
