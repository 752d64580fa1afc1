package org.cinnabar.passes.lower;

import static java.util.Objects.requireNonNull;
import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.zeros;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.op.Window;
import org.jspecify.annotations.Nullable;

/**
 * {@code count} times {@code rows} neighbouring pixels of one vector of channels, on {@code lines}
 * lines of the map. A kernel of few taps stays in registers; of a larger one, the columns are
 * unrolled, so that an input number is loaded once for all the windows of a row that it is in; very
 * wide ones are a loop.
 *
 * <p>Parameters: {@code a} first input number, {@code da} distance between input pixels, {@code ra}
 * between input rows of the window; {@code b} first weight; {@code o} first output, {@code dout}
 * distance between output pixels, {@code lout} between lines if there are several; {@code count};
 * then the epilogue's. A parameter that is in {@code constants} is none: its value is part of the
 * code.
 */
record DepthwiseTile(
        int rows,
        int lines,
        int kernelRows,
        int columns,
        int stride,
        int dilation,
        int lanes,
        boolean inRegisters,
        Map<String, Integer> constants) {
    private static final List<String> PARAMETERS =
            List.of("a", "da", "ra", "b", "o", "dout", "lout", "count");

    private static final int MOST_UNROLLED = 7;

    /** Taps that fit into registers beside the sums. */
    private static final int FEW_TAPS = 9;

    /** A tile for {@code window}, with {@code constants} where they pay. */
    static DepthwiseTile of(
            int rows, int lines, Window window, Target target, Map<String, Integer> constants) {
        return new DepthwiseTile(
                rows,
                lines,
                window.rank() == 1 ? 1 : window.kernel().getFirst(),
                window.kernel().getLast(),
                window.stride().getLast(),
                window.dilation().getLast(),
                target.lanes(),
                isInRegisters(window, target),
                isInRegisters(window, target) ? Map.of() : constants);
    }

    private static boolean isInRegisters(Window window, Target target) {
        return window.taps() <= FEW_TAPS && !hasFewRegisters(target);
    }

    /**
     * Whether a tile may take two lines: the input rows that both windows have in common are then
     * loaded once.
     */
    static boolean takesTwoLines(Window window, Target target) {
        return window.rank() == 2
                && isInRegisters(window, target)
                && window.dilation().getFirst() == 1
                && window.stride().equals(List.of(1, 1));
    }

    /** How many pixels a tile takes: as many as leave registers for the kernel's columns. */
    static int rowsFor(Window window, int lines, Target target) {
        int columns = window.kernel().getLast();
        if (columns > MOST_UNROLLED) {
            return hasFewRegisters(target) ? 6 : 8;
        }
        return hasFewRegisters(target) || lines > 1 ? 4 : 7;
    }

    private static boolean hasFewRegisters(Target target) {
        return target.lanes() == 8 || target.lanes() == 1;
    }

    Function function(Tiles tiles, Epilogue epilogue) {
        return tiles.shared(
                name(),
                List.of(this, epilogue.key(lanes)),
                name -> {
                    List<String> parameters = parameters();
                    parameters.addAll(epilogue.parameters());
                    return new Function(name, parameters, body(epilogue));
                });
    }

    /** Stores the sums as they are. */
    Function function(Tiles tiles) {
        return tiles.shared(name(), this, name -> new Function(name, parameters(), body(null)));
    }

    private String name() {
        return "depthwise_%dx%d".formatted(kernelRows, columns);
    }

    private List<String> parameters() {
        List<String> parameters = new ArrayList<>(PARAMETERS);
        parameters.removeAll(constants.keySet());
        if (lines == 1) {
            parameters.remove("lout");
        }
        return parameters;
    }

    /**
     * The arguments of {@link #function}, of which {@code values} has those before the epilogue's.
     */
    List<Index> arguments(Map<String, Index> values) {
        return parameters().stream()
                .map(parameter -> requireNonNull(values.get(parameter)))
                .toList();
    }

    private Stmt body(@Nullable Epilogue epilogue) {
        List<Value.Local> sums = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            for (int r = 0; r < rows; r++) {
                sums.add(sum(line, r));
            }
        }
        List<Stmt> pixels = zeros(sums);
        Index first = Index.var("n").times(rows * stride).times(number("da")).plus(Index.var("a"));
        pixels.add(new Stmt.Bind("from", first));
        pixels.add(new Stmt.Bind("at", Index.var("n").times(rows)));
        if (inRegisters) {
            for (int i = 0; i < (lines - 1) * stride + kernelRows; i++) {
                pixels.add(row(i));
            }
        } else {
            pixels.add(
                    loop(
                            "i",
                            Index.of(kernelRows),
                            columns <= MOST_UNROLLED ? unrolled() : looped()));
        }
        if (epilogue != null) {
            pixels.addAll(epilogue.prologue(lanes));
            pixels.addAll(epilogue.loads(lanes, 1));
        }
        for (int line = 0; line < lines; line++) {
            for (int r = 0; r < rows; r++) {
                List<Stmt> out = new ArrayList<>();
                Index at = Index.var("at").plus(r);
                Value sum = sum(line, r);
                Value value = epilogue == null ? sum : epilogue.apply(sum, at, 0, out, "t");
                Index pixel = at.times(number("dout")).plus(Index.var("o"));
                Index place = line == 0 ? pixel : number("lout").times(line).plus(pixel);
                out.add(new Stmt.Store(place, value));
                pixels.add(block(out));
            }
        }
        List<Stmt> body = new ArrayList<>();
        for (int tap = 0; inRegisters && tap < kernelRows * columns; tap++) {
            Index at = Index.var("b").plus(tap * Panels.BLOCK);
            body.add(new Stmt.Let(weight(tap), new Value.Load(Memory.WEIGHTS, at, lanes)));
        }
        body.add(loop("n", number("count"), block(pixels)));
        return block(body);
    }

    private Stmt unrolled() {
        List<Stmt> body = new ArrayList<>();
        body.add(
                new Stmt.Bind(
                        "q", Index.var("i").times(columns * Panels.BLOCK).plus(Index.var("b"))));
        for (int column = 0; column < columns; column++) {
            Index at = Index.var("q").plus(column * Panels.BLOCK);
            body.add(new Stmt.Let(weight(column), new Value.Load(Memory.WEIGHTS, at, lanes)));
        }
        body.add(new Stmt.Bind("p", Index.var("i").times(number("ra")).plus(Index.var("from"))));
        body.addAll(inputs("p", List.of(0)));
        return block(body);
    }

    /** Input row {@code i}: the kernel's row i for the first line, an earlier one for others. */
    private Stmt row(int i) {
        List<Stmt> body = new ArrayList<>();
        String p = "p" + i;
        body.add(new Stmt.Bind(p, number("ra").times(i).plus(Index.var("from"))));
        List<Integer> firstWeights = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            firstWeights.add((i - line * stride) * columns);
        }
        body.addAll(inputs(p, firstWeights));
        return block(body);
    }

    /**
     * Every input number of a row, from {@code p} on, into the sums it belongs to; {@code
     * firstWeights} has for each line the number of the first weight that meets the row, if it is
     * one.
     */
    private List<Stmt> inputs(String p, List<Integer> firstWeights) {
        List<Stmt> body = new ArrayList<>();
        int span = (rows - 1) * stride + (columns - 1) * dilation;
        for (int j = 0; j <= span; j++) {
            List<Stmt> uses = new ArrayList<>();
            for (int line = 0; line < firstWeights.size(); line++) {
                int firstWeight = firstWeights.get(line);
                boolean meets = firstWeight >= 0 && firstWeight < kernelRows * columns;
                for (int r = 0; meets && r < rows; r++) {
                    int tap = j - r * stride;
                    if (tap >= 0 && tap % dilation == 0 && tap / dilation < columns) {
                        Value weight = weight(firstWeight + tap / dilation);
                        Value.Local sum = sum(line, r);
                        uses.add(new Stmt.Set(sum, new Value.Fma(input(j), weight, sum)));
                    }
                }
            }
            if (!uses.isEmpty()) {
                Index at = number("da").times(j).plus(Index.var(p));
                body.add(new Stmt.Let(input(j), new Value.Load(Memory.ARENA, at, lanes)));
                body.addAll(uses);
            }
        }
        return body;
    }

    private Stmt looped() {
        List<Stmt> body = new ArrayList<>();
        Index tap = Index.var("i").times(columns).plus(Index.var("j"));
        body.add(new Stmt.Bind("q", tap.times(Panels.BLOCK).plus(Index.var("b"))));
        Index column = Index.var("j").times(dilation).times(number("da"));
        body.add(
                new Stmt.Bind(
                        "p",
                        Index.var("i").times(number("ra")).plus(Index.var("from")).plus(column)));
        body.add(new Stmt.Let(weight(0), new Value.Load(Memory.WEIGHTS, Index.var("q"), lanes)));
        for (int r = 0; r < rows; r++) {
            Index at = number("da").times(r * stride).plus(Index.var("p"));
            body.add(
                    new Stmt.Set(
                            sum(0, r),
                            new Value.Fma(
                                    new Value.Load(Memory.ARENA, at, lanes),
                                    weight(0),
                                    sum(0, r))));
        }
        return loop("j", Index.of(columns), block(body));
    }

    private Index number(String parameter) {
        Integer constant = constants.get(parameter);
        return constant == null ? Index.var(parameter) : Index.of(constant);
    }

    private Value.Local sum(int line, int row) {
        return new Value.Local("sum" + line + "_" + row, lanes);
    }

    private Value.Local weight(int tap) {
        return new Value.Local("w" + tap, lanes);
    }

    private Value.Local input(int j) {
        return new Value.Local("x" + j, lanes);
    }
}
