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
    private final Map<Object, org.cinnabar.ir.loop.Function> shared = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();

    public Tiles(Target target) {
        this.target = target;
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

    /** A kernel whose driver has {@code body}. */
    Kernel kernel(String label, int tasks, Stmt body) {
        String name =
                unique("layer_" + label.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", ""));
        return new Kernel(
                label, tasks, new org.cinnabar.ir.loop.Function(name, Kernel.RANGE, body));
    }

    private String unique(String name) {
        int count = names.merge(name, 1, Integer::sum);
        return count == 1 ? name : unique(name + "_" + count);
    }
}
