package org.cinnabar.bench;

import java.util.concurrent.TimeUnit;
import org.cinnabar.runtime.Lanes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One layer at a time, in vectors and in plain scalar code, whose results are compared first. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    private static final double TOLERANCE = 1e-4;

    /** Which layer. */
    @Param public KernelCase kernel = KernelCase.ADD_256_56;

    /** Whether it is computed in vectors. */
    @Param({"true", "false"})
    public boolean vectors;

    private CompiledKernel compiled = new CompiledKernel(kernel.graph(), 1);

    /** Compiles, and rejects results that are not those of the other code. */
    @Setup
    public void compile() {
        int lanes = Math.max(1, Lanes.preferred());
        CompiledKernel scalar = new CompiledKernel(kernel.graph(), 1);
        CompiledKernel vector = new CompiledKernel(kernel.graph(), lanes);
        scalar.run();
        vector.run();
        double error = Statistics.relativeError(vector.output(), scalar.output());
        if (!(error <= TOLERANCE)) {
            throw new IllegalStateException(kernel + ": vector and scalar code differ by " + error);
        }
        compiled = vectors ? vector : scalar;
    }

    /** One computation of the layer. */
    @Benchmark
    public void run() {
        compiled.run();
    }
}
