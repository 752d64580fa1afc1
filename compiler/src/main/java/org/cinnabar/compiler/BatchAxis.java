package org.cinnabar.compiler;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Weight;

/**
 * Whether a graph treats axis 0 as a batch: row {@code i} of every output depends on row {@code i}
 * of the inputs alone, and in the same way for every {@code i}. Then a batch of any size may be run
 * row by row.
 */
public final class BatchAxis {
    /** What is known of a value. */
    private enum Rows {
        /** Does not depend on the inputs. */
        FREE,
        /** Row {@code i} depends on row {@code i} of the inputs alone. */
        SEPARATE,
        /** Anything else. */
        MIXED
    }

    private final Dim batch;
    private final Map<Node, Rows> rows = new IdentityHashMap<>();

    private BatchAxis(Dim batch) {
        this.batch = batch;
    }

    /** Whether axis 0 of {@code graph} is a batch of extent {@code batch}, known or symbolic. */
    public static boolean isSeparable(Graph graph, Dim batch) {
        BatchAxis axis = new BatchAxis(batch);
        for (Node node : graph.nodes()) {
            axis.rows.put(node, axis.rowsOf(node));
        }
        return graph.outputs().stream().allMatch(output -> axis.isSeparate(output.node()));
    }

    private Rows rowsOf(Node node) {
        if (node.op() instanceof Constant || node.op() instanceof Weight) {
            return Rows.FREE;
        }
        boolean free = !node.in().isEmpty() && node.in().stream().allMatch(this::isFree);
        boolean spread = node.op() instanceof Expand && startsWithBatch(node);
        if (free && !spread) {
            return Rows.FREE;
        }
        return startsWithBatch(node) && keepsRows(node.op(), node) ? Rows.SEPARATE : Rows.MIXED;
    }

    private boolean keepsRows(Op op, Node node) {
        List<Node> in = node.in();
        return switch (op) {
            case Input _ -> true;
            case Constant _, Weight _ -> false;
            case Elementwise _, Expand _ -> in.stream().allMatch(x -> alignsRows(x, node));
            case Conv _, BatchNorm _ ->
                    isSeparate(in.getFirst()) && in.stream().skip(1).allMatch(this::isFree);
            case Linear _ ->
                    isSeparate(in.get(0)) && in.get(0).shape().rank() > 1 && isFree(in.get(1));
            case MatMul _ -> alignsMatrices(in.get(0), in.get(1), node);
            case Pool _ -> isSeparate(in.getFirst());
            case Reduce(_, List<Integer> axes) -> isSeparate(in.getFirst()) && !axes.contains(0);
            case Reshape _ -> isSeparate(in.getFirst());
            case Transpose(List<Integer> permutation) ->
                    isSeparate(in.getFirst()) && permutation.getFirst() == 0;
            case Slice(int axis, _, _, _) -> isSeparate(in.getFirst()) && isInner(axis, node);
            case Pad(List<Integer> begin, List<Integer> end, _, _) ->
                    isSeparate(in.getFirst()) && begin.getFirst() == 0 && end.getFirst() == 0;
            case Concat(int axis) ->
                    isInner(axis, node) && in.stream().allMatch(x -> alignsRows(x, node));
            case Gather(int axis) -> picksRows(in.get(0), axis, in.get(1));
            case MaxUnpool _ -> in.stream().allMatch(this::isSeparate);
            case Correlate _, ScatterAdd _ -> false;
        };
    }

    /** The result begins with the axes of x before {@code axis}, then come those of the indices. */
    private boolean picksRows(Node x, int axis, Node indices) {
        return isInner(axis, x)
                ? isSeparate(x) && isFree(indices)
                : isFree(x) && isSeparate(indices);
    }

    private boolean alignsMatrices(Node a, Node b, Node result) {
        if (result.shape().rank() == 2) {
            return isSeparate(a) && isFree(b);
        }
        return alignsRows(a, result) && alignsRows(b, result);
    }

    /** Whether row i of {@code result} sees row i of {@code x}, or the same of it in every row. */
    private boolean alignsRows(Node x, Node result) {
        int rank = x.shape().rank();
        return switch (rows.getOrDefault(x, Rows.MIXED)) {
            case FREE -> rank < result.shape().rank() || x.shape().dim(0).is(1);
            case SEPARATE -> rank == result.shape().rank();
            case MIXED -> false;
        };
    }

    private boolean startsWithBatch(Node node) {
        return node.shape().rank() > 0 && node.shape().dim(0).equals(batch);
    }

    private static boolean isInner(int axis, Node node) {
        return axis != 0 && axis != -node.shape().rank();
    }

    private boolean isSeparate(Node node) {
        return rows.get(node) == Rows.SEPARATE;
    }

    private boolean isFree(Node node) {
        return rows.get(node) == Rows.FREE;
    }
}
