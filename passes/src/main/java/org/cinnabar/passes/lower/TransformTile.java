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
import org.cinnabar.passes.transform.Circuit;
import org.cinnabar.passes.transform.Codelet;

/**
 * A linear transform of many columns of numbers, each lane another column.
 *
 * <p>Parameters: {@code x} the first input, {@code dx} the distance between the inputs of one
 * transform; {@code y}, {@code dy} the same of outputs; {@code count} times {@code n} neighbouring
 * columns, {@code px} and {@code py} apart; then what {@link #arguments} gives for an epilogue,
 * which is applied to every output.
 *
 * @param source where the inputs are
 */
record TransformTile(String name, Circuit circuit, int lanes, Memory source) {
    static final List<String> PARAMETERS = List.of("x", "dx", "px", "y", "dy", "py", "count", "n");

    /** Of numbers that were computed before. */
    TransformTile(String name, Circuit circuit, int lanes) {
        this(name, circuit, lanes, Memory.ARENA);
    }

    /** What happens to output {@code row} before it is stored. */
    private interface End {
        Value apply(Value output, int row, List<Stmt> code);
    }

    /** One side of transforms: the first number, and how far those of one, and the next, are. */
    record Side(Index first, int distance, int next) {}

    /** Does {@code count} transforms of {@code n} neighbouring columns each. */
    Stmt call(Tiles tiles, Side from, Side to, Index count, Index n) {
        return new Stmt.Call(
                function(tiles),
                List.of(
                        from.first(),
                        Index.of(from.distance()),
                        Index.of(from.next()),
                        to.first(),
                        Index.of(to.distance()),
                        Index.of(to.next()),
                        count,
                        n));
    }

    /** Stores what the circuit computes. */
    Function function(Tiles tiles) {
        return tiles.shared(
                name,
                this,
                unique -> {
                    Stmt columns = block(columns((output, _, _) -> output));
                    return new Function(unique, PARAMETERS, loops(List.of(), columns));
                });
    }

    /** Stores what {@code epilogue} makes of it. */
    Function function(Tiles tiles, Epilogue epilogue) {
        return tiles.shared(
                name,
                List.of(this, epilogue.key(lanes)),
                unique -> {
                    List<Stmt> columns = new ArrayList<>();
                    List<String> parameters = new ArrayList<>(PARAMETERS);
                    parameters.addAll(epilogue.parameters());
                    for (Epilogue.Operand operand : epilogue.operands()) {
                        String name = operand.name();
                        parameters.set(parameters.indexOf(name), "first_" + name);
                        Index first = Index.var("first_" + name);
                        if (!operand.isConstant()) {
                            parameters.add("p" + name);
                            first = Index.var("i").times(Index.var("p" + name)).plus(first);
                        }
                        columns.add(new Stmt.Bind(name, first.plus(Index.var("c"))));
                    }
                    columns.addAll(epilogue.loads(lanes, 1));
                    columns.addAll(
                            columns(
                                    (output, row, code) ->
                                            epilogue.apply(
                                                    output, Index.of(row), 0, code, "t" + row)));
                    return new Function(
                            unique, parameters, loops(epilogue.prologue(lanes), block(columns)));
                });
    }

    /**
     * Arguments for {@code epilogue} where operand i begins at {@code offsets[i]}, and lies {@code
     * distances[i]} apart for neighbouring outputs.
     */
    static List<Index> arguments(
            Epilogue epilogue, int outputs, List<Index> offsets, List<Integer> distances) {
        List<Index> arguments = epilogue.arguments(offsets::get, distances::get);
        for (int i = 0; i < offsets.size(); i++) {
            if (!epilogue.operands().get(i).isConstant()) {
                arguments.add(Index.of(distances.get(i) * outputs));
            }
        }
        return arguments;
    }

    private Stmt loops(List<Stmt> prologue, Stmt columns) {
        List<Stmt> body = new ArrayList<>(prologue);
        body.add(
                loop(
                        "i",
                        Index.var("count"),
                        block(
                                bind("xi", "px", "x"),
                                bind("yi", "py", "y"),
                                loop("c", Index.of(0), Index.var("n"), lanes, columns))));
        return block(body);
    }

    private static Stmt bind(String name, String distance, String first) {
        return new Stmt.Bind(
                name, Index.var("i").times(Index.var(distance)).plus(Index.var(first)));
    }

    private List<Stmt> columns(End end) {
        List<Stmt> code = new ArrayList<>();
        List<Value> outputs =
                Codelet.append(
                        circuit,
                        lanes,
                        "g",
                        input -> new Value.Load(source, at("xi", "dx", input), lanes),
                        code);
        for (int row = 0; row < outputs.size(); row++) {
            List<Stmt> last = new ArrayList<>();
            Value value = end.apply(outputs.get(row), row, last);
            last.add(new Stmt.Store(at("yi", "dy", row), value));
            code.add(block(last));
        }
        return code;
    }

    private static Index at(String first, String distance, int position) {
        Index start = Index.var("c").plus(Index.var(first));
        return position == 0 ? start : Index.var(distance).times(position).plus(start);
    }
}
