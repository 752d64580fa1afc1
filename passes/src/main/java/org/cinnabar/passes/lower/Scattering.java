package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.ScatterAdd;

/** Sums over constant indices, number by number in their order. */
final class Scattering implements Lowering {
    @Override
    public String name() {
        return "scatter";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof ScatterAdd && root.in(1).op() instanceof Constant;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        int axis = ((ScatterAdd) root.op()).axis();
        View z = site.view(root.in(0));
        View indices = site.view(root.in(1));
        View y = site.output();
        Index place = Index.of(0);
        List<Index> from = new ArrayList<>();
        List<Index> to = new ArrayList<>();
        for (int a = 0; a < z.rank(); a++) {
            Index position = Index.var("i" + a);
            from.add(position);
            if (a >= axis && a < axis + indices.rank()) {
                place = position.times(indices.stride(a - axis)).plus(place);
            } else {
                to.add(position);
            }
        }
        to.add(axis, Index.var("target"));
        Index target = y.at(to);
        Value sum =
                new Value.Binary(
                        Value.BinaryFunction.ADD,
                        new Value.Load(Memory.ARENA, target, 1),
                        new Value.Load(z.memory(), z.at(from), 1));
        Index table = new Index.Table(place.plus(indices.offset()));
        Stmt body = block(new Stmt.Bind("target", table), new Stmt.Store(target, sum));
        for (int a = z.rank() - 1; a >= 0; a--) {
            body = loop("i" + a, Index.of(z.extent(a)), body);
        }
        String label = site.group().label();
        Stmt once = loop("once", Index.var("from"), Index.var("to"), 1, body);
        return List.of(LoopNest.fill(tiles, label, y, 0), tiles.kernel(label, 1, once));
    }
}
