package org.cinnabar.passes.lower;

import static java.util.Objects.requireNonNull;
import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.zeros;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.jspecify.annotations.Nullable;

/**
 * The register tile of every dense contraction: {@code rows} pixels × {@code vectors} vectors of
 * output channels of each of {@code panels} panels, one accumulator each, summed over three nested
 * loops (kernel rows, kernel columns, channels) in which the packed weights follow one another. One
 * step of the inner loop loads the panels' vectors and multiplies each by one broadcast number per
 * pixel. An iteration may have several {@code steps}; the JIT must not begin the next one before it
 * ends the last, or it runs out of registers.
 *
 * <p>Parameters: {@code a} first input number of the first pixel, {@code da} distance between
 * pixels; {@code b} first weight, {@code db} distance between panels if there are several, {@code
 * scales} the first scale of weights if they have some; {@code o} first output, {@code dout}
 * distance between pixels; {@code n1, s1} count and distance of the outer loop, {@code n2, s2} of
 * the middle one, {@code k} length of the inner one; {@code next} weights to ask for if any; then
 * the epilogue's. A parameter that is in {@code constants} is none: its value is part of the code,
 * which short sums repay.
 *
 * @param width channels of a panel
 * @param precision how its weights are stored
 * @param memory where the packed weights are
 * @param steps of the inner loop in one iteration; {@code k} is a multiple
 * @param ahead numbers of the weights, from parameter {@code next} on, that every step asks for
 *     ahead of their use, those of an iteration line by line; 0 for none
 * @param adds whether sums are added to what the outputs hold
 */
record PanelTile(
        int rows,
        int vectors,
        int panels,
        int lanes,
        int width,
        Precision precision,
        Memory memory,
        int steps,
        int ahead,
        boolean adds,
        Map<String, Integer> constants) {
    /** Numbers in a line of a cache. */
    private static final int LINE = 16;

    private static final List<String> PARAMETERS =
            List.of(
                    "a", "da", "b", "db", "scales", "o", "dout", "n1", "s1", "n2", "s2", "k",
                    "next");

    PanelTile {
        if (panels > 1 && vectors * lanes != width) {
            throw new IllegalArgumentException(
                    panels + " panels of which " + vectors * lanes + " of " + width + " channels");
        }
    }

    Function function(Tiles tiles, Epilogue epilogue) {
        return tiles.shared(
                "tile_" + rows + "x" + vectors * panels,
                List.of(this, epilogue.key(lanes)),
                name -> {
                    List<String> parameters = new ArrayList<>(parameters());
                    parameters.addAll(epilogue.parameters());
                    return new Function(name, parameters, body(epilogue));
                });
    }

    /** Stores the sums as they are. */
    Function function(Tiles tiles) {
        return tiles.shared(
                "tile_" + rows + "x" + vectors * panels,
                this,
                name -> new Function(name, parameters(), body(null)));
    }

    /**
     * The arguments of {@link #function}, of which {@code values} has those before the epilogue's.
     */
    List<Index> arguments(Map<String, Index> values) {
        return parameters().stream()
                .map(parameter -> requireNonNull(values.get(parameter)))
                .toList();
    }

    /** Values for the loops of a sum over a single stretch of {@code k} numbers. */
    static Map<String, Index> stretch(int k) {
        return Map.of(
                "n1", Index.of(1),
                "s1", Index.of(0),
                "n2", Index.of(1),
                "s2", Index.of(0),
                "k", Index.of(k));
    }

    /** Constants of a tile with a single loop, over {@code k}, and pixels {@code da} apart. */
    static Map<String, Integer> singleLoop(int da, int k) {
        return Map.of("da", da, "n1", 1, "s1", 0, "n2", 1, "s2", 0, "k", k);
    }

    private List<String> parameters() {
        return PARAMETERS.stream()
                .filter(parameter -> !constants.containsKey(parameter))
                .filter(parameter -> panels > 1 || !parameter.equals("db"))
                .filter(parameter -> precision.scales() > 0 || !parameter.equals("scales"))
                .filter(parameter -> ahead > 0 || !parameter.equals("next"))
                .toList();
    }

    private Stmt body(@Nullable Epilogue epilogue) {
        List<Value.Local> sums = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors * panels; v++) {
                sums.add(sum(r, v));
            }
        }
        List<Stmt> body = zeros(sums);
        body.add(loop("i", number("n1"), loop("j", number("n2"), inner())));
        if (precision.scales() > 0) {
            body.addAll(scale());
        }
        if (epilogue != null) {
            body.addAll(epilogue.prologue(lanes));
            body.addAll(epilogue.loads(lanes, vectors * panels));
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors * panels; v++) {
                List<Stmt> out = new ArrayList<>();
                Value sum = adds ? added(r, v) : sum(r, v);
                Value value =
                        epilogue == null ? sum : epilogue.apply(sum, Index.of(r), v, out, "t");
                out.add(new Stmt.Store(output(r, v), value));
                body.add(block(out));
            }
        }
        return block(body);
    }

    /** Multiplies the sums by the scales of their weights. */
    private List<Stmt> scale() {
        List<Stmt> body = new ArrayList<>();
        for (int v = 0; v < vectors * panels; v++) {
            Index first = Index.var("scales").plus(precision.channel(v % vectors, vectors, lanes));
            Index at = v < vectors ? first : number("db").times(v / vectors).plus(first);
            body.add(new Stmt.Let(weight(v), new Value.Load(memory, at, lanes)));
            for (int r = 0; r < rows; r++) {
                Value scaled = new Value.Binary(Value.BinaryFunction.MUL, sum(r, v), weight(v));
                body.add(new Stmt.Set(sum(r, v), scaled));
            }
        }
        return List.of(block(body));
    }

    /** A sum and what its output holds. */
    private Value added(int row, int vector) {
        Value held = new Value.Load(Memory.ARENA, output(row, vector), lanes);
        return new Value.Binary(Value.BinaryFunction.ADD, sum(row, vector), held);
    }

    private Index output(int row, int vector) {
        return number("dout").times(row).plus(Index.var("o")).plus(channel(vector));
    }

    private Stmt inner() {
        List<Stmt> body = new ArrayList<>();
        Index a = Index.var("i").times(number("s1")).plus(Index.var("j").times(number("s2")));
        body.add(new Stmt.Bind("p0", a.plus(Index.var("a"))));
        for (int r = 1; r < rows; r++) {
            body.add(new Stmt.Bind("p" + r, Index.var("p" + (r - 1)).plus(number("da"))));
        }
        Index tap = Index.var("i").times(number("n2")).plus(Index.var("j"));
        int size = precision.size(width);
        body.add(new Stmt.Bind("q", tap.times(number("k")).times(size).plus(Index.var("b"))));
        if (ahead > 0) {
            Index next = tap.times(number("k")).times(ahead).plus(Index.var("next"));
            body.add(new Stmt.Bind("n", next));
        }
        List<Stmt> iteration = new ArrayList<>();
        for (int line = 0; line < ahead * steps; line += LINE) {
            Index next = Index.var("c").times(ahead).plus(Index.var("n")).plus(line);
            iteration.add(new Stmt.Prefetch(Memory.WEIGHTS, next));
        }
        iteration.add(block(step(Index.var("c"), size)));
        for (int s = 1; s < steps; s++) {
            iteration.add(new Stmt.LoadFence());
            iteration.add(block(step(Index.var("c").plus(s), size)));
        }
        body.add(new Stmt.For("c", Index.of(0), number("k"), steps, block(iteration)));
        return block(body);
    }

    /** What channel {@code c} of a stretch adds to the sums. */
    private List<Stmt> step(Index c, int size) {
        List<Stmt> step = new ArrayList<>();
        for (int panel = 0; panel < panels; panel++) {
            Index first = c.times(size).plus(Index.var("q"));
            step.addAll(weights(panel, panel == 0 ? first : number("db").times(panel).plus(first)));
        }
        for (int r = 0; r < rows; r++) {
            Value.Local x = new Value.Local("x" + r, lanes);
            Value number = new Value.Load(Memory.ARENA, Index.var("p" + r).plus(c), 1);
            step.add(new Stmt.Let(x, lanes == 1 ? number : new Value.Splat(number, lanes)));
            for (int v = 0; v < vectors * panels; v++) {
                step.add(new Stmt.Set(sum(r, v), new Value.Fma(x, weight(v), sum(r, v))));
            }
        }
        return step;
    }

    /** Loads the vectors of {@code panel} that lie from {@code first} on. */
    private List<Stmt> weights(int panel, Index first) {
        List<Value.Local> weights =
                IntStream.range(0, vectors).mapToObj(v -> weight(panel * vectors + v)).toList();
        return precision.loads(
                weights, offset -> new Value.Load(memory, first.plus(offset), lanes));
    }

    /** The first channel of vector {@code v}, from the tile's first one on. */
    private int channel(int v) {
        return v / vectors * width + precision.channel(v % vectors, vectors, lanes);
    }

    private Index number(String parameter) {
        Integer constant = constants.get(parameter);
        return constant == null ? Index.var(parameter) : Index.of(constant);
    }

    private Value.Local sum(int row, int vector) {
        return new Value.Local("sum" + row + "_" + vector, lanes);
    }

    private Value.Local weight(int vector) {
        return new Value.Local("w" + vector, lanes);
    }
}
