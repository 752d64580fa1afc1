package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.zeros;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/**
 * The register tile of contractions of computed values: {@code rows} numbers of a × {@code vectors}
 * vectors of b, one accumulator each, summed over three nested loops. Both operands are read where
 * they lie; the distance {@code da} between rows and the innermost loop's steps {@code sa} and
 * {@code sb} are constants of the tile, so that the JIT moves its bounds checks out of the loop and
 * needs few registers, or arguments if they are 0.
 *
 * <p>Parameters: {@code a} the first number of the first row, {@code da} distance between rows;
 * {@code b} the first vector; {@code o} first output, {@code dout} distance between rows; count and
 * steps of the outer and the middle loop; {@code k} count of the inner one, {@code sa} and {@code
 * sb}; then the epilogue's.
 *
 * @param accumulates whether sums are added to what the output holds; there is no epilogue then
 */
record StridedTile(
        int rows,
        int vectors,
        int lanes,
        int da,
        int sa,
        int sb,
        Memory memoryOfA,
        Memory memoryOfB,
        boolean accumulates) {
    private static final List<String> PARAMETERS =
            List.of(
                    "a", "da", "b", "o", "dout", "n1", "sa1", "sb1", "n2", "sa2", "sb2", "k", "sa",
                    "sb");

    Function function(Tiles tiles, Epilogue epilogue) {
        return tiles.shared(
                "strided_" + rows + "x" + vectors,
                accumulates ? this : List.of(this, epilogue.key(lanes)),
                name -> {
                    List<String> parameters = new ArrayList<>(PARAMETERS);
                    if (!accumulates) {
                        parameters.addAll(epilogue.parameters());
                    }
                    return new Function(name, parameters, body(epilogue));
                });
    }

    private Stmt body(Epilogue epilogue) {
        List<Value.Local> sums = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                sums.add(sum(r, v));
            }
        }
        List<Stmt> body = zeros(sums);
        body.add(loop("i", Index.var("n1"), loop("j", Index.var("n2"), inner())));
        if (!accumulates) {
            body.addAll(epilogue.prologue(lanes));
            body.addAll(epilogue.loads(lanes, vectors));
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                List<Stmt> out = new ArrayList<>();
                Value value =
                        accumulates
                                ? new Value.Binary(
                                        Value.BinaryFunction.ADD,
                                        sum(r, v),
                                        new Value.Load(Memory.ARENA, output(r, v), lanes))
                                : epilogue.apply(sum(r, v), Index.of(r), v, out, "t");
                out.add(new Stmt.Store(output(r, v), value));
                body.add(block(out));
            }
        }
        return block(body);
    }

    private Index output(int row, int vector) {
        return Index.var("dout").times(row).plus(Index.var("o")).plus(vector * lanes);
    }

    private Stmt inner() {
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Bind("p0", start("a", "sa1", "sa2")));
        for (int r = 1; r < rows && da == 0; r++) {
            body.add(new Stmt.Bind("p" + r, Index.var("p" + (r - 1)).plus(Index.var("da"))));
        }
        body.add(new Stmt.Bind("q", start("b", "sb1", "sb2")));
        Index stepOfA = step("sa", sa);
        Index stepOfB = step("sb", sb);
        List<Stmt> step = new ArrayList<>();
        for (int v = 0; v < vectors; v++) {
            Index at = stepOfB.plus(Index.var("q")).plus(v * lanes);
            step.add(new Stmt.Let(operand(v), new Value.Load(memoryOfB, at, lanes)));
        }
        for (int r = 0; r < rows; r++) {
            Value.Local x = new Value.Local("x" + r, lanes);
            Index row = da == 0 ? Index.var("p" + r) : Index.var("p0").plus(r * da);
            Value number = new Value.Load(memoryOfA, stepOfA.plus(row), 1);
            step.add(new Stmt.Let(x, lanes == 1 ? number : new Value.Splat(number, lanes)));
            for (int v = 0; v < vectors; v++) {
                step.add(new Stmt.Set(sum(r, v), new Value.Fma(x, operand(v), sum(r, v))));
            }
        }
        body.add(loop("c", Index.var("k"), block(step)));
        return block(body);
    }

    private static Index step(String name, int constant) {
        return Index.var("c").times(constant == 0 ? Index.var(name) : Index.of(constant));
    }

    private static Index start(String base, String outer, String middle) {
        return Index.var("i")
                .times(Index.var(outer))
                .plus(Index.var("j").times(Index.var(middle)))
                .plus(Index.var(base));
    }

    private Value.Local sum(int row, int vector) {
        return new Value.Local("sum" + row + "_" + vector, lanes);
    }

    private Value.Local operand(int vector) {
        return new Value.Local("w" + vector, lanes);
    }
}
