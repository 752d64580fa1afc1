package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.Value.BinaryFunction;
import org.cinnabar.passes.transform.Codelet;
import org.cinnabar.passes.transform.Fourier;

/**
 * Fourier transforms of {@code size} complex numbers along lines of memory, each lane on its own.
 * Up to {@link #MOST_UNROLLED} numbers are one codelet; more are two steps of Cooley and Tukey with
 * a line's intermediate numbers and their rotations in memory: the codelets stay small enough for
 * registers and for the JIT.
 *
 * <p>Parameters: {@code re, im} the first number of the first line, {@code step} distance of a
 * line's numbers, {@code line} distance of lines; {@code toRe, toIm, toStep, toLine} the same of
 * the results, which may be in place; {@code t} {@link #temporaries} numbers of the arena, {@code
 * w} the {@link #rotations} in the weights; {@code count} lines. Exchanging real and imaginary
 * parts of both makes it the inverse, times {@code size}.
 */
record FourierLines(int size, int lanes) {
    /** Where complex numbers lie: {@code line} apart from line to line, {@code step} within one. */
    record Lines(Index re, Index im, int step, int line) {
        Lines swapped() {
            return new Lines(im, re, step, line);
        }
    }

    private static final int MOST_UNROLLED = 8;

    private static final List<String> PARAMETERS =
            List.of(
                    "re", "im", "step", "line", "toRe", "toIm", "toStep", "toLine", "t", "w",
                    "count");

    /** Whether lines of {@code size} numbers can be transformed. */
    static boolean handles(int size) {
        return size <= MOST_UNROLLED * MOST_UNROLLED && size / first(size) <= MOST_UNROLLED;
    }

    /** Length of the first step's transforms: the greatest factor up to the square root. */
    private static int first(int size) {
        int factor = size <= MOST_UNROLLED ? 1 : (int) Math.sqrt(size);
        while (size % factor != 0) {
            factor--;
        }
        return factor;
    }

    /** Numbers of the arena that a call needs for itself, for any number of lanes. */
    static int temporaries(int size) {
        return size <= MOST_UNROLLED ? 0 : 2 * size * Panels.BLOCK;
    }

    /**
     * {@code e^(-2πijk/size)} for each of the second step's {@code j}, the first one's {@code k}.
     */
    static float[] rotations(int size) {
        int first = first(size);
        if (first == 1) {
            return new float[0];
        }
        float[] rotations = new float[2 * size];
        for (int i = 0; i < size; i++) {
            int turns = (i / first) * (i % first);
            double angle = -2 * Math.PI * turns / size;
            rotations[2 * i] = (float) Math.cos(angle);
            rotations[2 * i + 1] = (float) Math.sin(angle);
        }
        return rotations;
    }

    /** Transforms {@code count} lines. */
    Stmt call(Tiles tiles, Lines from, Lines to, Index temporaries, int rotations, Index n) {
        Function function =
                tiles.shared(
                        "fourier_" + size, this, name -> new Function(name, PARAMETERS, body()));
        List<Index> arguments = new ArrayList<>();
        for (Lines lines : List.of(from, to)) {
            arguments.addAll(
                    List.of(lines.re, lines.im, Index.of(lines.step), Index.of(lines.line)));
        }
        arguments.addAll(List.of(temporaries, Index.of(rotations), n));
        return new Stmt.Call(function, arguments);
    }

    private Stmt body() {
        List<Stmt> line = new ArrayList<>();
        Index step = Index.var("step");
        Index toStep = Index.var("toStep");
        Place from = new Place(Index.var("re"), Index.var("im"));
        from = from.at(line, "x", Index.var("l"), Index.var("line"));
        Place to = new Place(Index.var("toRe"), Index.var("toIm"));
        to = to.at(line, "y", Index.var("l"), Index.var("toLine"));
        int first = first(size);
        int second = size / first;
        if (first == 1) {
            codelet(line, size, from, step, to, toStep, false);
            return loop("l", Index.var("count"), block(line));
        }
        Place kept = new Place(Index.var("t"), Index.var("t").plus(lanes));
        Index next = Index.of(2 * lanes);
        Index row = next.times(second);
        List<Stmt> columns = new ArrayList<>();
        Place column = from.at(columns, "c", Index.var("j"), step);
        Place rotated = kept.at(columns, "d", Index.var("j"), next);
        codelet(columns, first, column, step.times(second), rotated, row, true);
        line.add(loop("j", Index.of(second), block(columns)));
        List<Stmt> rows = new ArrayList<>();
        Place start = kept.at(rows, "r", Index.var("k"), row);
        Place end = to.at(rows, "s", Index.var("k"), toStep);
        codelet(rows, second, start, next, end, toStep.times(first), false);
        line.add(loop("k", Index.of(first), block(rows)));
        return loop("l", Index.var("count"), block(line));
    }

    /** Where a complex number is. */
    private record Place(Index re, Index im) {
        /** {@code count} times {@code distance} further on, bound to names with {@code prefix}. */
        Place at(List<Stmt> code, String prefix, Index count, Index distance) {
            code.add(new Stmt.Bind(prefix + "Re", count.times(distance).plus(re)));
            code.add(new Stmt.Bind(prefix + "Im", count.times(distance).plus(im)));
            return new Place(Index.var(prefix + "Re"), Index.var(prefix + "Im"));
        }
    }

    /** Transforms {@code length} numbers, and rotates them by row {@code j} of the table. */
    private void codelet(
            List<Stmt> code,
            int length,
            Place from,
            Index step,
            Place to,
            Index toStep,
            boolean isRotated) {
        List<Value> y =
                Codelet.append(
                        Fourier.complex(length),
                        lanes,
                        "t",
                        i -> {
                            Index at = step.times(i / 2).plus(i % 2 == 0 ? from.re : from.im);
                            return new Value.Load(Memory.ARENA, at, lanes);
                        },
                        code);
        for (int k = 0; k < length; k++) {
            Value re = y.get(2 * k);
            Value im = y.get(2 * k + 1);
            if (isRotated && k > 0) {
                Index at = Index.var("j").times(2 * length).plus(Index.var("w")).plus(2 * k);
                Value.Local cos = splat(code, "cos" + k, at);
                Value.Local sin = splat(code, "sin" + k, at.plus(1));
                Value x = re;
                re = new Value.Binary(BinaryFunction.SUB, times(cos, x), times(sin, im));
                im = new Value.Fma(cos, im, times(sin, x));
            }
            code.add(new Stmt.Store(toStep.times(k).plus(to.re), re));
            code.add(new Stmt.Store(toStep.times(k).plus(to.im), im));
        }
    }

    private Value.Local splat(List<Stmt> code, String name, Index at) {
        Value number = new Value.Load(Memory.WEIGHTS, at, 1);
        Value.Local local = new Value.Local(name, lanes);
        code.add(new Stmt.Let(local, lanes == 1 ? number : new Value.Splat(number, lanes)));
        return local;
    }

    private static Value times(Value a, Value b) {
        return new Value.Binary(BinaryFunction.MUL, b, a);
    }
}
