package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/** Weights as they are. */
final class Fp32 implements Precision {
    @Override
    public String suffix() {
        return "";
    }

    @Override
    public int width() {
        return Panels.WIDTH;
    }

    @Override
    public int size(int width) {
        return width;
    }

    @Override
    public float[] encode(float[] weights, int steps) {
        return weights;
    }

    @Override
    public double rounding(Supplier<float[]> entries, int columns) {
        return 0;
    }

    @Override
    public Work work(double count, int tiles) {
        return Work.ofDecodings(0);
    }

    @Override
    public int vectors(Target target, int width) {
        return Math.min(target.vectors(), width / target.lanes());
    }

    @Override
    public int steps(Target target, int k, int sums) {
        return target.stepsOf(k, sums);
    }

    @Override
    public int channel(int v, int vectors, int lanes) {
        return v * lanes;
    }

    @Override
    public List<Stmt> loads(List<Value.Local> weights, IntFunction<Value> load) {
        List<Stmt> loads = new ArrayList<>();
        for (int v = 0; v < weights.size(); v++) {
            Value.Local weight = weights.get(v);
            loads.add(new Stmt.Let(weight, load.apply(v * weight.lanes())));
        }
        return loads;
    }

    @Override
    public int partStep(Target target, int width) {
        return vectors(target, width) * target.lanes();
    }

    @Override
    public int partsEnd(int width) {
        return width;
    }
}
