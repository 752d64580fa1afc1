package org.cinnabar.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.op.Input;
import org.cinnabar.train.data.DataException;
import org.cinnabar.train.data.Dataset;

/** What training asks of a model. */
final class Models {
    private Models() {}

    /** {@code model} with every symbol of its input bound to {@code batch}. */
    static Graph bound(Graph model, int batch) {
        if (model.inputs().size() != 1) {
            throw new TrainingException(
                    "model %s has %d inputs, expected one"
                            .formatted(model.name(), model.inputs().size()));
        }
        Map<String, Long> values = new HashMap<>();
        model.inputs().getFirst().shape().dims().stream()
                .flatMap(dim -> dim.symbols().stream())
                .forEach(symbol -> values.put(symbol, (long) batch));
        return values.isEmpty() ? model : Symbols.bind(model, values);
    }

    /** The name of the one input. */
    static String input(Graph model) {
        return ((Input) model.inputs().getFirst().op()).name();
    }

    /** Rejects data that {@code bound} cannot be trained with. */
    static void check(Graph bound, Dataset data, int classes) {
        Node input = bound.inputs().getFirst();
        int batch = input.shape().extent(0);
        if (input.shape().count() / batch != data.length()) {
            throw new DataException(
                    "model %s takes %s, examples are %s"
                            .formatted(bound.name(), tail(input.shape()), data.extents()));
        }
        Shape scores = bound.outputs().getFirst().node().shape();
        int scored = scores.count() / batch;
        if (scored < classes) {
            throw new DataException(
                    "model %s scores %d classes, the data has %d"
                            .formatted(bound.name(), scored, classes));
        }
    }

    private static List<?> tail(Shape shape) {
        return shape.dims().subList(1, shape.rank());
    }
}
