package org.cinnabar.passes.lower;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;

/**
 * The functions of one program: inner kernels shared by every layer of the same form, so that the
 * JIT compiles each once, and one driver per kernel.
 */
public final class Tiles {
    private final Target target;
    private final long macs;
    private final Map<Object, org.cinnabar.ir.loop.Function> shared;
    private final Map<String, Integer> names;

    /**
     * No functions yet, of a program with {@code macs} multiply-adds. Layers with a fair part of
     * them are worth tiles that no other layer uses.
     */
    public Tiles(Target target, long macs) {
        this(target, macs, new HashMap<>(), new HashMap<>());
    }

    private Tiles(
            Target target,
            long macs,
            Map<Object, org.cinnabar.ir.loop.Function> shared,
            Map<String, Integer> names) {
        this.target = target;
        this.macs = macs;
        this.shared = shared;
        this.names = names;
    }

    /** The same functions, for kernels that run {@code times} times. */
    Tiles repeated(int times) {
        return new Tiles(target, macs / times, shared, names);
    }

    /** Whether {@code macs} multiply-adds are at least one part in {@code parts} of all. */
    boolean isPart(long macs, int parts) {
        return macs * parts >= this.macs;
    }

    public Target target() {
        return target;
    }

    /**
     * The function made for an equal {@code key} before, or a new one that {@code make} builds
     * under a unique name.
     */
    org.cinnabar.ir.loop.Function shared(
            String name, Object key, Function<String, org.cinnabar.ir.loop.Function> make) {
        org.cinnabar.ir.loop.Function tile = shared.get(key);
        if (tile == null) {
            tile = make.apply(unique(name));
            shared.put(key, tile);
        }
        return tile;
    }

    /** A kernel whose driver has {@code body} and needs no memory of its own. */
    Kernel kernel(String label, int tasks, Stmt body) {
        return kernel(label, tasks, 0, body);
    }

    /** A kernel whose driver has {@code body} and needs {@code own} numbers for itself. */
    Kernel kernel(String label, int tasks, int own, Stmt body) {
        String name =
                unique("layer_" + label.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", ""));
        return new Kernel(
                label, tasks, own, new org.cinnabar.ir.loop.Function(name, Kernel.RANGE, body));
    }

    private String unique(String name) {
        int count = names.merge(name, 1, Integer::sum);
        return count == 1 ? name : unique(name + "_" + count);
    }
}
