package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/**
 * An epilogue on results that lie in memory: {@code vectors} vectors of channels of neighbouring
 * pixels.
 *
 * <p>Parameters: {@code s, ds} the first result and their distance; {@code o, dout} the same of the
 * outputs; then the epilogue's; {@code pixels}, their number.
 */
record EpilogueRow(int vectors, int lanes) {
    private static final List<String> PARAMETERS = List.of("s", "ds", "o", "dout");

    Function function(Tiles tiles, Epilogue epilogue) {
        return tiles.shared(
                "epilogue",
                List.of(this, epilogue.key(lanes)),
                name -> {
                    List<String> parameters = new ArrayList<>(PARAMETERS);
                    epilogue.parameters().stream()
                            .map(p -> isTensor(epilogue, p) ? p + "First" : p)
                            .forEach(parameters::add);
                    parameters.add("pixels");
                    return new Function(name, parameters, body(epilogue));
                });
    }

    /**
     * A call for {@code pixels} neighbours whose results lie from {@code from} on, {@code distance}
     * apart, and are stored from {@code to} on; {@code offset} and {@code distances} as for {@link
     * Epilogue#arguments}.
     */
    Stmt call(
            Tiles tiles,
            Epilogue epilogue,
            Index from,
            int distance,
            Index to,
            int dout,
            IntFunction<Index> offset,
            IntUnaryOperator distances,
            int pixels) {
        List<Index> arguments = new ArrayList<>();
        arguments.addAll(List.of(from, Index.of(distance), to, Index.of(dout)));
        arguments.addAll(epilogue.arguments(offset, distances));
        arguments.add(Index.of(pixels));
        return new Stmt.Call(function(tiles, epilogue), arguments);
    }

    private static boolean isTensor(Epilogue epilogue, String parameter) {
        return epilogue.operands().stream()
                .anyMatch(operand -> !operand.isConstant() && operand.name().equals(parameter));
    }

    private Stmt body(Epilogue epilogue) {
        List<Stmt> pixel = new ArrayList<>();
        Index p = Index.var("p");
        for (Epilogue.Operand operand : epilogue.operands()) {
            if (!operand.isConstant()) {
                Index distance = Index.var("d" + operand.name());
                Index first = Index.var(operand.name() + "First");
                pixel.add(new Stmt.Bind(operand.name(), p.times(distance).plus(first)));
            }
        }
        pixel.addAll(epilogue.loads(lanes, vectors));
        for (int v = 0; v < vectors; v++) {
            Value.Local result = new Value.Local("result" + v, lanes);
            Index at = p.times(Index.var("ds")).plus(Index.var("s")).plus(v * lanes);
            Index to = p.times(Index.var("dout")).plus(Index.var("o")).plus(v * lanes);
            pixel.add(new Stmt.Let(result, new Value.Load(Memory.ARENA, at, lanes)));
            Value value = epilogue.apply(result, Index.of(0), v, pixel, "t" + v);
            pixel.add(new Stmt.Store(to, value));
        }
        List<Stmt> body = new ArrayList<>(epilogue.prologue(lanes));
        body.add(loop("p", Index.var("pixels"), block(pixel)));
        return block(body);
    }
}
