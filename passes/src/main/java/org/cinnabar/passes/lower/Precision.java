package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/**
 * How the weights of {@link Panels} are stored, and so read by tiles. {@link Precisions} has all of
 * them.
 */
interface Precision {
    /** What names of lowerings end in. */
    String suffix();

    /** Channels of a full panel. */
    int width();

    /** How many numbers store a step of a sum for {@code width} channels. */
    int size(int width);

    /** How many numbers before the steps of a stretch belong to all of them. */
    default int scales() {
        return 0;
    }

    /** What stores {@code weights}, {@link #width} to a step, in stretches of {@code steps}. */
    float[] encode(float[] weights, int steps);

    /**
     * By how much a layer's results may be wrong for how a matrix with rows of {@code columns}
     * {@code entries} is stored, over the largest of them.
     */
    double rounding(Supplier<float[]> entries, int columns);

    /** What it takes to use {@code count} weights in {@code tiles} one after the other. */
    Work work(double count, int tiles);

    /** Vectors that a tile for {@code target} computes of a panel of {@code width} channels. */
    int vectors(Target target, int width);

    /** Steps in one iteration of a tile of {@code sums} over {@code k} each. */
    default int steps(Target target, int k, int sums) {
        return 1;
    }

    /** The first channel of vector {@code v} of {@code vectors}, from the tile's first one on. */
    int channel(int v, int vectors, int lanes);

    /**
     * Gives {@code weights}, one vector after the other, what {@code load} makes of the offsets of
     * numbers that store a step.
     */
    List<Stmt> loads(List<Value.Local> weights, IntFunction<Value> load);

    /** Distance between the first channels of the parts of a panel that tiles compute. */
    int partStep(Target target, int width);

    /** First channel beyond those of all parts. */
    int partsEnd(int width);

    /** {@code tile} for each part of a panel, whose first channel is {@code part}. */
    default Stmt parts(Target target, int width, Stmt tile) {
        int end = partsEnd(width);
        int step = partStep(target, width);
        return step == end
                ? block(new Stmt.Bind("part", Index.of(0)), tile)
                : new Stmt.For("part", Index.of(0), Index.of(end), step, tile);
    }

    /** Whether the vectors of a tile follow one another. */
    default boolean isContiguous(Target target) {
        int vectors = vectors(target, width());
        int last = channel(vectors - 1, vectors, target.lanes());
        return last == (vectors - 1) * target.lanes();
    }
}
