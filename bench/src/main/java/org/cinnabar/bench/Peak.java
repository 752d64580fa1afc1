package org.cinnabar.bench;

import java.util.function.IntToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The rate at which one core multiplies and adds: independent chains of fused multiply-adds in
 * registers, enough of them to hide the latency.
 *
 * <p>Sixteen chains suit cores with 32 vector registers; twelve leave room for the operands on
 * cores with 16. The faster of the two counts.
 */
final class Peak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int ROUNDS = 50_000;
    private static final long WARM_UP = 300_000_000;
    private static final long DURATION = 300_000_000;

    private Peak() {}

    /** GFLOP/s of one core, a multiply-add being two operations; takes about a second. */
    static double measure() {
        return Math.max(rate(16, Peak::sixteen), rate(12, Peak::twelve));
    }

    private static double rate(int chains, IntToDoubleFunction kernel) {
        fastest(kernel, WARM_UP);
        double flops = 2.0 * chains * SPECIES.length() * ROUNDS;
        return flops / fastest(kernel, DURATION);
    }

    /** Nanoseconds of the fastest call within {@code duration} nanoseconds. */
    private static long fastest(IntToDoubleFunction kernel, long duration) {
        long begin = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        long last = begin;
        while (last - begin < duration) {
            double sum = kernel.applyAsDouble(ROUNDS);
            long now = System.nanoTime();
            if (Double.isNaN(sum)) {
                throw new AssertionError("multiply-adds that converge gave " + sum);
            }
            fastest = Math.min(fastest, now - last);
            last = now;
        }
        return fastest;
    }

    private static double sixteen(int rounds) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector a0 = FloatVector.broadcast(SPECIES, 1);
        FloatVector a1 = FloatVector.broadcast(SPECIES, 2);
        FloatVector a2 = FloatVector.broadcast(SPECIES, 3);
        FloatVector a3 = FloatVector.broadcast(SPECIES, 4);
        FloatVector a4 = FloatVector.broadcast(SPECIES, 5);
        FloatVector a5 = FloatVector.broadcast(SPECIES, 6);
        FloatVector a6 = FloatVector.broadcast(SPECIES, 7);
        FloatVector a7 = FloatVector.broadcast(SPECIES, 8);
        FloatVector a8 = FloatVector.broadcast(SPECIES, 9);
        FloatVector a9 = FloatVector.broadcast(SPECIES, 10);
        FloatVector a10 = FloatVector.broadcast(SPECIES, 11);
        FloatVector a11 = FloatVector.broadcast(SPECIES, 12);
        FloatVector a12 = FloatVector.broadcast(SPECIES, 13);
        FloatVector a13 = FloatVector.broadcast(SPECIES, 14);
        FloatVector a14 = FloatVector.broadcast(SPECIES, 15);
        FloatVector a15 = FloatVector.broadcast(SPECIES, 16);
        for (int i = 0; i < rounds; i++) {
            a0 = a0.fma(x, x);
            a1 = a1.fma(x, x);
            a2 = a2.fma(x, x);
            a3 = a3.fma(x, x);
            a4 = a4.fma(x, x);
            a5 = a5.fma(x, x);
            a6 = a6.fma(x, x);
            a7 = a7.fma(x, x);
            a8 = a8.fma(x, x);
            a9 = a9.fma(x, x);
            a10 = a10.fma(x, x);
            a11 = a11.fma(x, x);
            a12 = a12.fma(x, x);
            a13 = a13.fma(x, x);
            a14 = a14.fma(x, x);
            a15 = a15.fma(x, x);
        }
        FloatVector sum0 = a0.add(a1).add(a2).add(a3);
        FloatVector sum1 = a4.add(a5).add(a6).add(a7);
        FloatVector sum2 = a8.add(a9).add(a10).add(a11);
        FloatVector sum3 = a12.add(a13).add(a14).add(a15);
        return sum0.add(sum1).add(sum2).add(sum3).reduceLanes(VectorOperators.ADD);
    }

    private static double twelve(int rounds) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector a0 = FloatVector.broadcast(SPECIES, 1);
        FloatVector a1 = FloatVector.broadcast(SPECIES, 2);
        FloatVector a2 = FloatVector.broadcast(SPECIES, 3);
        FloatVector a3 = FloatVector.broadcast(SPECIES, 4);
        FloatVector a4 = FloatVector.broadcast(SPECIES, 5);
        FloatVector a5 = FloatVector.broadcast(SPECIES, 6);
        FloatVector a6 = FloatVector.broadcast(SPECIES, 7);
        FloatVector a7 = FloatVector.broadcast(SPECIES, 8);
        FloatVector a8 = FloatVector.broadcast(SPECIES, 9);
        FloatVector a9 = FloatVector.broadcast(SPECIES, 10);
        FloatVector a10 = FloatVector.broadcast(SPECIES, 11);
        FloatVector a11 = FloatVector.broadcast(SPECIES, 12);
        for (int i = 0; i < rounds; i++) {
            a0 = a0.fma(x, x);
            a1 = a1.fma(x, x);
            a2 = a2.fma(x, x);
            a3 = a3.fma(x, x);
            a4 = a4.fma(x, x);
            a5 = a5.fma(x, x);
            a6 = a6.fma(x, x);
            a7 = a7.fma(x, x);
            a8 = a8.fma(x, x);
            a9 = a9.fma(x, x);
            a10 = a10.fma(x, x);
            a11 = a11.fma(x, x);
        }
        FloatVector sum0 = a0.add(a1).add(a2).add(a3);
        FloatVector sum1 = a4.add(a5).add(a6).add(a7);
        FloatVector sum2 = a8.add(a9).add(a10).add(a11);
        return sum0.add(sum1).add(sum2).reduceLanes(VectorOperators.ADD);
    }
}
