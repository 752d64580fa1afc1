package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.vectorsThenRest;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.MatMul;

/** Products of two computed matrices: one row of the result at a time, vectors along it. */
final class BatchedMatMul implements Lowering {
    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof MatMul;
    }

    @Override
    public Layout layout(Group group, Node operand) {
        int rank = operand.shape().rank();
        return operand == group.root().in(1) ? Layout.unit(rank - 1, rank) : Layout.any(rank);
    }

    @Override
    public int unitAxis(Group group) {
        return group.root().shape().rank() - 1;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        View y = site.output();
        int rank = y.rank();
        View a = site.view(root.in(0));
        View b = site.view(root.in(1));
        int depth = a.extent(a.rank() - 1);
        int aStride = a.stride(a.rank() - 1);
        int bStride = b.stride(b.rank() - 2);
        View rowsOfA = broadcast(a, y, a.stride(a.rank() - 2));
        View rowsOfB = broadcast(b, y, 0);
        Nest nest = Nest.over(List.of(y, rowsOfA, rowsOfB), List.of(rank - 1));
        int loops = nest.axes().size();
        Function row = row(tiles, List.of(a.memory(), b.memory()));
        Index u = Index.var("u");
        Stmt call =
                new Stmt.Call(
                        row,
                        List.of(
                                nest.outerOffset(0, loops, u),
                                nest.outerOffset(1, loops, u),
                                Index.of(aStride),
                                nest.outerOffset(2, loops, u),
                                Index.of(bStride),
                                Index.of(depth),
                                Index.of(y.extent(rank - 1))));
        return List.of(
                tiles.kernel(
                        site.group().label(),
                        nest.outerCount(loops),
                        loop("u", Index.var("from"), Index.var("to"), 1, call)));
    }

    /**
     * {@code operand} in the result's coordinates: batch axes broadcast, {@code rowStride} between
     * rows.
     */
    private static View broadcast(View operand, View y, int rowStride) {
        int batch = y.rank() - 2;
        List<Integer> extents = operand.extents().subList(0, operand.rank() - 2);
        List<Integer> strides = operand.strides().subList(0, operand.rank() - 2);
        View leading =
                new View(operand.memory(), operand.offset(), extents, strides, 0)
                        .expanded(y.extents().subList(0, batch));
        List<Integer> all = new ArrayList<>(leading.strides());
        all.add(rowStride);
        all.add(0);
        return new View(operand.memory(), operand.offset(), y.extents(), all, 0);
    }

    private static Function row(Tiles tiles, List<Memory> memories) {
        int lanes = tiles.target().lanes();
        return tiles.shared(
                "matmul_row",
                List.of("matmul", memories, lanes),
                name -> {
                    List<Stmt> body = new ArrayList<>();
                    Index n = Index.var("n");
                    body.addAll(
                            vectorsThenRest(
                                    n, lanes, (column, width) -> sum(memories, column, width)));
                    return new Function(
                            name, List.of("o", "a", "da", "b", "db", "depth", "n"), block(body));
                });
    }

    private static Stmt sum(List<Memory> memories, String column, int lanes) {
        Value.Local sum = new Value.Local("sum", lanes);
        Index at = Index.var("k").times(Index.var("da")).plus(Index.var("a"));
        Value x = new Value.Load(memories.get(0), at, 1);
        Index from =
                Index.var("k").times(Index.var("db")).plus(Index.var("b")).plus(Index.var(column));
        Value w = new Value.Load(memories.get(1), from, lanes);
        Value product = new Value.Fma(lanes == 1 ? x : new Value.Splat(x, lanes), w, sum);
        return block(
                new Stmt.Let(sum, new Value.Const(0, lanes)),
                loop("k", Index.var("depth"), new Stmt.Set(sum, product)),
                new Stmt.Store(
                        Index.var("o").plus(Index.var(column)),
                        new Value.Binary(
                                Value.BinaryFunction.ADD, sum, new Value.Const(0, lanes))));
    }
}
