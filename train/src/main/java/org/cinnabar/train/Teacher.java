package org.cinnabar.train;

import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.train.data.Dataset;

/** A trained model whose scores another one learns from. */
record Teacher(CompiledStep step, String input, String scores) {
    /**
     * {@code model} for the batches of {@code student}.
     *
     * @throws org.cinnabar.train.data.DataException if it takes other examples
     * @throws TrainingException if it scores other classes
     */
    static Teacher of(Graph model, Graph student, Dataset data, int threads) {
        int batch = student.inputs().getFirst().shape().extent(0);
        Graph bound = Models.bound(model, batch);
        Models.check(bound, data, data.classes());
        Node own = bound.outputs().getFirst().node();
        Node learned = student.outputs().getFirst().node();
        if (own.shape().count() != learned.shape().count()) {
            throw new TrainingException(
                    "teacher %s scores %s, the model %s"
                            .formatted(model.name(), own.type(), learned.type()));
        }
        return new Teacher(
                CompiledStep.of(bound, threads),
                Models.input(bound),
                bound.outputs().getFirst().name());
    }

    /** The scores of a batch of examples, row-major. */
    float[] scores(float[] examples) {
        step.set(input, examples);
        step.run();
        return step.get(scores);
    }
}
