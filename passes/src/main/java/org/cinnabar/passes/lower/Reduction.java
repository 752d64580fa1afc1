package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.manyVectorsThenRest;
import static org.cinnabar.passes.lower.Code.vectorsThenRest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.Value.BinaryFunction;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Reduce;

/**
 * A reduction as shared functions: over numbers that lie a stride apart, or over a contiguous
 * stretch.
 */
enum Reduction {
    SUM(BinaryFunction.ADD, 0),
    MEAN(BinaryFunction.ADD, 0),
    PROD(BinaryFunction.MUL, 1),
    MIN(BinaryFunction.MIN, Float.POSITIVE_INFINITY),
    MAX(BinaryFunction.MAX, Float.NEGATIVE_INFINITY),
    /** Of numbers that are not negative: one instruction, where {@link #MAX} is two. */
    MAX_OF_POSITIVE(BinaryFunction.MAX_BITS, 0);

    private final BinaryFunction combine;
    private final float neutral;

    Reduction(BinaryFunction combine, float neutral) {
        this.combine = combine;
        this.neutral = neutral;
    }

    static Reduction of(Reduce.Function f) {
        return switch (f) {
            case SUM -> SUM;
            case MEAN -> MEAN;
            case PROD -> PROD;
            case MIN -> MIN;
            case MAX -> MAX;
        };
    }

    /** Its name in those of functions. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * How many numbers along {@code axis} to compute: whole vectors where there is room for them.
     */
    static int length(View y, int axis) {
        int exact = y.extent(axis);
        int padded = Layout.padded(exact);
        return padded - exact <= y.slack() ? padded : exact;
    }

    Value combine(Value a, Value b) {
        return new Value.Binary(combine, a, b);
    }

    /**
     * Calls a function that stores {@code length} results from {@code o} on, result c from the
     * numbers at {@code a + c + i·s1 + j·s2}, and divides a mean by {@code count}.
     */
    Stmt acrossLanes(
            Tiles tiles,
            Index a,
            List<Index> counts,
            List<Index> strides,
            Index o,
            int length,
            Index count) {
        int lanes = tiles.target().lanes();
        int divisor = Code.divisor(length, lanes);
        Function function =
                tiles.shared(
                        "reduce_" + label(),
                        List.of(this, "across", divisor, lanes),
                        name ->
                                new Function(
                                        name,
                                        List.of("a", "n1", "s1", "n2", "s2", "o", "n", "count"),
                                        block(
                                                manyVectorsThenRest(
                                                        Index.var("n"),
                                                        divisor,
                                                        lanes,
                                                        this::across))));
        return new Stmt.Call(
                function,
                List.of(
                        a,
                        counts.get(0),
                        strides.get(0),
                        counts.get(1),
                        strides.get(1),
                        o,
                        Index.of(length),
                        count));
    }

    /** Reduces {@code count} times {@code lanes} numbers from {@code channel} on side by side. */
    private Stmt across(String channel, int lanes, int count) {
        List<Stmt> body = new ArrayList<>();
        List<Stmt> add = new ArrayList<>();
        List<Stmt> end = new ArrayList<>();
        Index row =
                Index.var("i").times(Index.var("s1")).plus(Index.var("a")).plus(Index.var(channel));
        Index at = Index.var("j").times(Index.var("s2")).plus(Index.var("row"));
        for (int i = 0; i < count; i++) {
            Value.Local sum = new Value.Local("sum" + i, lanes);
            Value next = new Value.Load(Memory.ARENA, at.plus(i * lanes), lanes);
            body.add(new Stmt.Let(sum, new Value.Const(neutral, lanes)));
            add.add(new Stmt.Set(sum, combine(sum, next)));
            Index result = Index.var("o").plus(Index.var(channel)).plus(i * lanes);
            end.add(new Stmt.Store(result, finished(sum, Index.var("count"))));
        }
        body.add(
                loop(
                        "i",
                        Index.var("n1"),
                        block(new Stmt.Bind("row", row), loop("j", Index.var("n2"), block(add)))));
        body.addAll(end);
        return block(body);
    }

    /**
     * Calls a function that stores one result at {@code o} from the numbers {@code a + i·s1 + j·s2
     * + [0, length)}.
     */
    Stmt alongLanes(
            Tiles tiles,
            Index a,
            List<Index> counts,
            List<Index> strides,
            Index length,
            Index o,
            Index count) {
        int lanes = tiles.target().lanes();
        Function function =
                tiles.shared(
                        "fold_" + label(),
                        List.of(this, "along", lanes),
                        name -> {
                            Value.Local sum = new Value.Local("sum", 1);
                            Value.Local wide = new Value.Local("wide", lanes);
                            Index n = Index.var("n");
                            List<Stmt> row = new ArrayList<>();
                            Index start =
                                    Index.var("i")
                                            .times(Index.var("s1"))
                                            .plus(Index.var("j").times(Index.var("s2")));
                            row.add(new Stmt.Bind("row", start.plus(Index.var("a"))));
                            row.addAll(
                                    vectorsThenRest(
                                            n,
                                            lanes,
                                            (column, width) ->
                                                    combine(
                                                            width == 1 ? sum : wide,
                                                            column,
                                                            width)));
                            List<Stmt> body = new ArrayList<>();
                            body.add(new Stmt.Let(sum, new Value.Const(neutral, 1)));
                            if (lanes > 1) {
                                body.add(new Stmt.Let(wide, new Value.Const(neutral, lanes)));
                            }
                            body.add(
                                    loop(
                                            "i",
                                            Index.var("n1"),
                                            loop("j", Index.var("n2"), block(row))));
                            if (lanes > 1) {
                                Value.Local all = new Value.Local("all", lanes);
                                body.add(new Stmt.Let(all, fresh(wide)));
                                body.add(
                                        new Stmt.Set(
                                                sum,
                                                new Value.Binary(
                                                        combine,
                                                        sum,
                                                        new Value.Fold(combine, all))));
                            }
                            body.add(
                                    new Stmt.Store(
                                            Index.var("o"), finished(sum, Index.var("count"))));
                            return new Function(
                                    name,
                                    List.of("a", "n1", "s1", "n2", "s2", "n", "o", "count"),
                                    block(body));
                        });
        return new Stmt.Call(
                function,
                List.of(
                        a,
                        counts.get(0),
                        strides.get(0),
                        counts.get(1),
                        strides.get(1),
                        length,
                        o,
                        count));
    }

    private Stmt combine(Value.Local sum, String channel, int lanes) {
        Index at = Index.var("row").plus(Index.var(channel));
        return new Stmt.Set(sum, combine(sum, new Value.Load(Memory.ARENA, at, lanes)));
    }

    /**
     * The result of {@code sum} of {@code count} numbers: a mean is divided, the others go once
     * through their neutral number to be fresh values.
     */
    Value finished(Value sum, Index count) {
        if (this != MEAN) {
            return fresh(sum);
        }
        Value one = new Value.Const(1, 1);
        Value share = new Value.Binary(BinaryFunction.DIV, one, new Value.Number(count));
        return new Value.Binary(
                BinaryFunction.MUL,
                sum,
                sum.lanes() == 1 ? share : new Value.Splat(share, sum.lanes()));
    }

    private Value fresh(Value sum) {
        return combine(sum, new Value.Const(neutral, sum.lanes()));
    }
}
