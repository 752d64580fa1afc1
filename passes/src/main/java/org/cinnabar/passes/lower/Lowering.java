package org.cinnabar.passes.lower;

import java.util.List;
import java.util.Optional;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.op.Window;

/**
 * One way to compute a root op and what is fused onto it. Stateless; {@link Lowerings} lists them
 * all.
 *
 * <p>Adding one: implement this interface, add a row in {@link Lowerings}; the suites then compare
 * it with the interpreter.
 */
public interface Lowering {
    /** The error of a sum in single precision, each product rounded once. */
    double ROUNDING = 1e-6;

    /** The name in reports and options: {@code direct}, {@code depthwise}, ... */
    String name();

    /** Whether this computes {@code root}. Every shape is known. */
    boolean accepts(Node root);

    /**
     * Whether {@code node}, elementwise and the only user of {@code value}, may be computed in the
     * epilogue.
     */
    default boolean fuses(Node node, Node value) {
        return false;
    }

    /**
     * Whether {@code operand}, a group whose result {@code root} alone uses, may be computed where
     * {@code root} reads it.
     */
    default boolean absorbs(Node root, Group operand) {
        return false;
    }

    /** How {@code operand}, one of the group's reads, has to lie. */
    default Layout layout(Group group, Node operand) {
        return Layout.any(operand.shape().rank());
    }

    /**
     * A value that {@code group} adds to its sums, if the result may take its memory: whoever
     * computes a number of the result reads the one in its place, before, and no other.
     */
    default Optional<Node> addsTo(Group group) {
        return Optional.empty();
    }

    /** The axis of the result that gets stride 1; -1 leaves it to the operands. */
    default int unitAxis(Group group) {
        return -1;
    }

    /**
     * The window that computes rows of the result from rows of the first operand, if kernels work
     * on views of any rows and need no memory of their own: such layers can be computed band by
     * band, in a {@link Chain}.
     */
    default Optional<Window> rows(Node root) {
        return Optional.empty();
    }

    /** What computing {@code root} takes; what is fused onto it takes the same everywhere. */
    default Work work(Node root) {
        return Work.UNKNOWN;
    }

    /**
     * The largest error to be expected of a result, over the layer's largest result: what it loses
     * to single precision.
     */
    default double error(Node root) {
        return ROUNDING;
    }

    /**
     * Whether weights are stored in fewer bits: a network has few layers that are, those that gain
     * most.
     */
    default boolean roundsWeights() {
        return false;
    }

    /** The weights in the order in which the kernels read them, the same for every target. */
    default float[] pack(Group group) {
        return new float[0];
    }

    /**
     * How many numbers of the arena the kernels need to hand on results from one to the next, the
     * same for every target; they begin at {@link Site#scratch} and hold anything. What a kernel
     * needs while it does a range of tasks is its {@link Kernel#own} memory.
     */
    default int scratch(Group group) {
        return 0;
    }

    /**
     * The kernels, to be run one after the other. Tiles come from {@code tiles}, which shares them
     * between layers.
     */
    List<Kernel> lower(Site site, Tiles tiles);
}
