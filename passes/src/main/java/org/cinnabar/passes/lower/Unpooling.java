package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;
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
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Window;

/** Gradients of maximum pooling, vectors along the channels: a task is an image. */
final class Unpooling implements Lowering {
    private static final List<String> PARAMETERS =
            List.of("x", "s1", "s2", "y", "d1", "d2", "n1", "n2", "z", "n");

    @Override
    public String name() {
        return "unpool";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof MaxUnpool(Window window) && window.rank() <= 2;
    }

    @Override
    public Layout layout(Group group, Node operand) {
        return Layout.unit(1, operand.shape().rank());
    }

    @Override
    public int unitAxis(Group group) {
        return 1;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Window window = ((MaxUnpool) root.op()).window();
        View x = site.view(root.in(0));
        View z = site.view(root.in(1));
        View y = site.output();
        Index image = Index.var("image");
        Index from = image.times(x.stride(0)).plus(x.offset());
        Index to = image.times(y.stride(0)).plus(y.offset());
        Index given = image.times(z.stride(0)).plus(z.offset());
        List<Stmt> body = new ArrayList<>();
        List<Index> counts = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            int dilation = window.dilation().get(axis);
            Index position = Index.var("p" + axis);
            WindowTaps taps = WindowTaps.of(window, axis, x, position);
            body.add(new Stmt.Bind("low" + axis, taps.low()));
            Index first = Index.var("low" + axis).times(dilation).plus(taps.start());
            body.add(new Stmt.Bind("first" + axis, first));
            from = Index.var("first" + axis).times(x.stride(axis + 2)).plus(from);
            to = Index.var("first" + axis).times(y.stride(axis + 2)).plus(to);
            given = position.times(z.stride(axis + 2)).plus(given);
            counts.add(minus(taps.high(), Index.var("low" + axis)));
        }
        List<Index> arguments = new ArrayList<>(List.of(from));
        steps(window, x).forEach(step -> arguments.add(Index.of(step)));
        arguments.add(to);
        steps(window, y).forEach(step -> arguments.add(Index.of(step)));
        if (window.rank() == 1) {
            counts.addFirst(Index.of(1));
        }
        arguments.addAll(counts);
        arguments.addAll(List.of(given, Index.of(y.extent(1))));
        body.add(new Stmt.Call(function(tiles), arguments));
        Stmt nest = block(body);
        for (int axis = window.rank() - 1; axis >= 0; axis--) {
            nest = loop("p" + axis, Index.of(z.extent(axis + 2)), nest);
        }
        String label = site.group().label();
        Stmt images = loop("image", Index.var("from"), Index.var("to"), 1, nest);
        return List.of(LoopNest.fill(tiles, label, y, 0), tiles.kernel(label, y.extent(0), images));
    }

    /** Distances between neighbouring taps, rows first. */
    private static List<Integer> steps(Window window, View view) {
        List<Integer> steps = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            steps.add(view.stride(axis + 2) * window.dilation().get(axis));
        }
        if (window.rank() == 1) {
            steps.addFirst(0);
        }
        return steps;
    }

    private static Function function(Tiles tiles) {
        int lanes = tiles.target().lanes();
        return tiles.shared(
                "unpool",
                List.of("unpool", lanes),
                name ->
                        new Function(
                                name,
                                PARAMETERS,
                                block(vectorsThenRest(Index.var("n"), lanes, Unpooling::route))));
    }

    /** Finds the maximum and hands what is given to the first number that equals it. */
    private static Stmt route(String channel, int lanes) {
        Value.Local best = new Value.Local("best", lanes);
        Value.Local left = new Value.Local("left", lanes);
        Value.Local number = new Value.Local("number", lanes);
        Value.Local taken = new Value.Local("taken", lanes);
        Value zero = new Value.Const(0, lanes);
        Value x = new Value.Load(Memory.ARENA, at("x", "s1", "s2", channel), lanes);
        Index place = at("y", "d1", "d2", channel);
        Stmt find =
                block(
                        new Stmt.Let(number, x),
                        new Stmt.Set(
                                best,
                                new Value.Choose(
                                        Value.Comparison.LESS, best, number, number, best)));
        Stmt give =
                block(
                        new Stmt.Let(number, x),
                        new Stmt.Let(
                                taken,
                                new Value.Choose(Value.Comparison.EQUAL, number, best, left, zero)),
                        new Stmt.Store(
                                place,
                                new Value.Binary(
                                        Value.BinaryFunction.ADD,
                                        new Value.Load(Memory.ARENA, place, lanes),
                                        taken)),
                        new Stmt.Set(
                                left,
                                new Value.Choose(
                                        Value.Comparison.EQUAL, number, best, zero, left)));
        Index given = Index.var("z").plus(Index.var(channel));
        return block(
                new Stmt.Let(best, new Value.Const(Float.NEGATIVE_INFINITY, lanes)),
                overTaps(find),
                new Stmt.Let(left, new Value.Load(Memory.ARENA, given, lanes)),
                overTaps(give));
    }

    private static Stmt overTaps(Stmt body) {
        return loop("i", Index.var("n1"), loop("j", Index.var("n2"), body));
    }

    private static Index at(String base, String outer, String inner, String channel) {
        return Index.var("i")
                .times(Index.var(outer))
                .plus(Index.var("j").times(Index.var(inner)))
                .plus(Index.var(base))
                .plus(Index.var(channel));
    }
}
