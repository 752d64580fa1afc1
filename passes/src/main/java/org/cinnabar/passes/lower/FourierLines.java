package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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
 * the results, which may be in place; {@code count} lines. Of two steps, each is a function for one
 * line; {@code t} {@link #temporaries} numbers of the arena, {@code w} the {@link #rotations} in
 * the weights. Exchanging real and imaginary parts of both makes it the inverse, times {@code
 * size}.
 */
record FourierLines(int size, int lanes) {
    /** Where complex numbers lie: {@code line} apart from line to line, {@code step} within one. */
    record Lines(Index re, Index im, int step, int line) {
        Lines swapped() {
            return new Lines(im, re, step, line);
        }
    }

    private static final int MOST_UNROLLED = 8;

    private static final List<String> WHOLE =
            List.of("re", "im", "step", "line", "toRe", "toIm", "toStep", "toLine", "count");
    private static final List<String> COLUMNS = List.of("re", "im", "step", "t", "w");
    private static final List<String> ROWS = List.of("t", "toRe", "toIm", "toStep");

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

    /** Transforms {@code n} lines. */
    Stmt call(Tiles tiles, Lines from, Lines to, Index temporaries, int rotations, Index n) {
        if (first(size) == 1) {
            return new Stmt.Call(
                    function(tiles, "fourier_" + size, WHOLE, this::whole),
                    List.of(
                            from.re,
                            from.im,
                            Index.of(from.step),
                            Index.of(from.line),
                            to.re,
                            to.im,
                            Index.of(to.step),
                            Index.of(to.line),
                            n));
        }
        Index l = Index.var("line");
        Stmt columns =
                new Stmt.Call(
                        function(tiles, "fourier_columns_" + size, COLUMNS, this::columns),
                        List.of(
                                l.times(from.line).plus(from.re),
                                l.times(from.line).plus(from.im),
                                Index.of(from.step),
                                temporaries,
                                Index.of(rotations)));
        Stmt rows =
                new Stmt.Call(
                        function(tiles, "fourier_rows_" + size, ROWS, this::rows),
                        List.of(
                                temporaries,
                                l.times(to.line).plus(to.re),
                                l.times(to.line).plus(to.im),
                                Index.of(to.step)));
        return loop("line", n, block(columns, rows));
    }

    private Function function(
            Tiles tiles, String name, List<String> parameters, Supplier<Stmt> body) {
        return tiles.shared(
                name,
                List.of(this, parameters),
                unique -> new Function(unique, parameters, body.get()));
    }

    private Stmt whole() {
        List<Stmt> line = new ArrayList<>();
        Place from = new Place(Index.var("re"), Index.var("im"));
        from = from.at(line, "x", Index.var("l"), Index.var("line"));
        Place to = new Place(Index.var("toRe"), Index.var("toIm"));
        to = to.at(line, "y", Index.var("l"), Index.var("toLine"));
        codelet(line, size, from, Index.var("step"), to, Index.var("toStep"), false);
        return loop("l", Index.var("count"), block(line));
    }

    /** The first step of a line: a transform of every {@code second}-th number, rotated. */
    private Stmt columns() {
        int first = first(size);
        int second = size / first;
        Index step = Index.var("step");
        List<Stmt> columns = new ArrayList<>();
        Place from = new Place(Index.var("re"), Index.var("im"));
        Place column = from.at(columns, "c", Index.var("j"), step);
        Place rotated = kept().at(columns, "d", Index.var("j"), Index.of(2 * lanes));
        Index row = Index.of(2 * lanes * second);
        codelet(columns, first, column, step.times(second), rotated, row, true);
        return loop("j", Index.of(second), block(columns));
    }

    /** The second step: transforms of what the first one's transforms have at the same place. */
    private Stmt rows() {
        int first = first(size);
        int second = size / first;
        Index toStep = Index.var("toStep");
        List<Stmt> rows = new ArrayList<>();
        Place start = kept().at(rows, "r", Index.var("k"), Index.of(2 * lanes * second));
        Place to = new Place(Index.var("toRe"), Index.var("toIm"));
        Place end = to.at(rows, "s", Index.var("k"), toStep);
        codelet(rows, second, start, Index.of(2 * lanes), end, toStep.times(first), false);
        return loop("k", Index.of(first), block(rows));
    }

    /** A line's numbers between both steps. */
    private Place kept() {
        return new Place(Index.var("t"), Index.var("t").plus(lanes));
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
