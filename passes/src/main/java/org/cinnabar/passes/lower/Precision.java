package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;

import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;

/** How the weights of {@link Panels} are stored, and so read by tiles. */
enum Precision {
    /** As they are. */
    FP32,
    /** As {@link Fp24} has them. */
    FP24;

    /** Channels of a full panel. */
    int width() {
        return this == FP32 ? Panels.WIDTH : Fp24.PLANES * Fp24.PLANE;
    }

    /** How many numbers store {@code count} weights. */
    int size(int count) {
        return this == FP32 ? count : count / Fp24.PLANES * Fp24.STORED;
    }

    /** What stores {@code weights}, {@link #width} to a step. */
    float[] encode(float[] weights) {
        return this == FP32 ? weights : Fp24.encode(weights);
    }

    /** How far a stored number may be from its weight, of its size. */
    double rounding() {
        return this == FP32 ? 0 : Fp24.ROUNDING;
    }

    /** What names of lowerings end in. */
    String suffix() {
        return this == FP32 ? "" : "-fp24";
    }

    /** What it takes to use {@code count} weights in {@code tiles} one after the other. */
    Work work(double count, int tiles) {
        return Work.ofDecodings(this == FP32 ? 0 : tiles * count / width());
    }

    /** Vectors that a tile for {@code target} computes of a panel of {@code width} channels. */
    int vectors(Target target, int width) {
        return this == FP32 ? Math.min(target.vectors(), width / target.lanes()) : Fp24.PLANES;
    }

    /** Steps in one iteration of such a tile over a sum of {@code k}. */
    int steps(Target target, int k) {
        return this == FP32 ? target.stepsOf(k) : 1;
    }

    /** Channels from one vector of such a tile to the next. */
    int distance(int lanes) {
        return this == FP32 ? lanes : Fp24.PLANE;
    }

    /** Whether those vectors follow one another. */
    boolean isContiguous(int lanes) {
        return distance(lanes) == lanes;
    }

    /** {@code tile} for each part of a panel, whose first channel is {@code part}. */
    Stmt parts(Target target, int width, Stmt tile) {
        int end = this == FP32 ? width : Fp24.PLANE;
        int step = this == FP32 ? vectors(target, width) * target.lanes() : target.lanes();
        return step == end
                ? block(new Stmt.Bind("part", Index.of(0)), tile)
                : new Stmt.For("part", Index.of(0), Index.of(end), step, tile);
    }
}
