package org.cinnabar.bench;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.runtime.Lanes;
import org.cinnabar.runtime.Program;

/**
 * The rate at which one core multiplies and adds: independent chains of fused multiply-adds in
 * registers, enough of them to hide the latency, in code made as all kernels are.
 *
 * <p>Sixteen chains suit cores with 32 vector registers; twelve leave room for the operand on cores
 * with 16. The faster of the two counts.
 */
final class Peak {
    private static final int ROUNDS = 50_000;
    private static final long DURATION = 300_000_000;

    private Peak() {}

    /** GFLOP/s of one core, a multiply-add being two operations; takes about a second. */
    static double measure() {
        int lanes = Math.max(1, Lanes.preferred());
        return Math.max(rate(16, lanes), rate(12, lanes));
    }

    private static double rate(int chains, int lanes) {
        Program program = program(chains, lanes);
        float[] arena = new float[chains * lanes];
        fastest(program, arena);
        return 2.0 * chains * lanes * ROUNDS / fastest(program, arena);
    }

    /** Nanoseconds of the fastest of the calls that take {@link #DURATION} together. */
    private static long fastest(Program program, float[] arena) {
        long begin = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        long last = begin;
        while (last - begin < DURATION) {
            program.run(0, 0, 1, 0, arena, arena);
            long now = System.nanoTime();
            fastest = Math.min(fastest, now - last);
            last = now;
        }
        return fastest;
    }

    private static Program program(int chains, int lanes) {
        Value.Local x = new Value.Local("x", lanes);
        List<Stmt> body = new ArrayList<>();
        List<Stmt> round = new ArrayList<>();
        List<Stmt> end = new ArrayList<>();
        body.add(new Stmt.Let(x, new Value.Const(0.5f, lanes)));
        for (int i = 0; i < chains; i++) {
            Value.Local sum = new Value.Local("sum" + i, lanes);
            body.add(new Stmt.Let(sum, new Value.Const(i + 1f, lanes)));
            round.add(new Stmt.Set(sum, new Value.Fma(x, x, sum)));
            end.add(new Stmt.Store(new Index.Const(i * lanes), sum));
        }
        body.add(
                new Stmt.For(
                        "i",
                        new Index.Const(0),
                        new Index.Const(ROUNDS),
                        1,
                        new Stmt.Block(round)));
        body.addAll(end);
        Function driver = new Function("chains", Kernel.RANGE, new Stmt.Block(body));
        List<Kernel> kernels = List.of(new Kernel("peak", 1, 0, driver));
        return CompiledKernel.program("Chains" + chains, kernels, lanes);
    }
}
