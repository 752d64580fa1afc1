package org.cinnabar.passes.lower;

import java.util.List;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;

/** What lies where in the memory that a Winograd convolution has for itself during a range. */
record WinogradMemory(WinogradTiling tiling) {
    /** Numbers in all. */
    int size() {
        return filters() + tiling.filterSize();
    }

    private int strip() {
        return tiling.inputSize();
    }

    private int products() {
        return strip() + tiling.stripSize();
    }

    private int half() {
        return products() + tiling.productSize();
    }

    private int filters() {
        return half() + tiling.halfSize();
    }

    /**
     * Names for the areas: the {@code input} of a chunk, transformed; the {@code strip} of which
     * the rows are; the {@code products} of a panel, and {@code half} of which the rows are
     * transformed back; {@code filters}, of which a panel's row is transformed in a run.
     */
    List<Stmt> areas() {
        return List.of(
                area("input", 0),
                area("strip", strip()),
                area("products", products()),
                area("half", half()),
                area("filters", filters()));
    }

    private static Stmt area(String name, int offset) {
        return new Stmt.Bind(name, Index.var("own").plus(offset));
    }
}
