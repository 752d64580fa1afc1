package org.cinnabar.passes.gradients;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.LinearMaps;

/** Sums of products: the gradient of one operand is a sum of products with the other. */
record ContractionRows(Rows rows) implements Rows.Row {
    @Override
    public Node pull(Node node, int i, Node g) {
        Node a = node.in(0);
        Node b = node.in(1);
        return switch ((Contraction) node.op()) {
            case Conv(Window window, int groups) ->
                    i == 0
                            ? data(window, groups, a.shape(), b, g)
                            : weight(correlate(window, groups, a, g), b.shape());
            case Correlate(Window window, int groups) ->
                    i == 0
                            ? data(window, groups, a.shape(), outputsFirst(g), b)
                            : rows.builder().node(new Conv(window, groups), a, outputsFirst(g));
            case Linear _ ->
                    i == 0
                            ? rows.builder().node(new Linear(), g, rows.transposed(dense(b)))
                            : linear(a, g);
            case MatMul _ ->
                    rows.gathered(
                            i == 0
                                    ? rows.builder().node(new MatMul(), g, rows.transposed(b))
                                    : rows.builder().node(new MatMul(), rows.transposed(a), g),
                            node.in(i).shape());
        };
    }

    /** {@code Wᵀ} is {@code xᵀ·g} over all rows of both. */
    private Node linear(Node x, Node g) {
        Node rowsOfX = matrix(x);
        Node rowsOfG = matrix(g);
        return rows.transposed(
                rows.builder().node(new MatMul(), rows.transposed(rowsOfX), rowsOfG));
    }

    private Node matrix(Node x) {
        Dim cols = x.shape().dim(-1);
        return rows.reshape(
                x, Shape.of(x.shape().count() / Math.max(1, cols.value()), cols.value()));
    }

    /** A weight as numbers that any op takes. */
    private Node dense(Node weight) {
        return weight.op() instanceof Weight(var map)
                ? rows.builder().constant(Tensor.f32(weight.shape(), LinearMaps.dense(map)))
                : weight;
    }

    private Node correlate(Window window, int groups, Node x, Node g) {
        return rows.builder().node(new Correlate(window, groups), x, g);
    }

    /** {@code [kernel...,C/groups,K]} as {@code [K,C/groups,kernel...]}. */
    private Node outputsFirst(Node correlated) {
        int rank = correlated.shape().rank();
        List<Integer> permutation = new ArrayList<>(List.of(rank - 1, rank - 2));
        for (int axis = 0; axis < rank - 2; axis++) {
            permutation.add(axis);
        }
        return rows.transpose(correlated, permutation);
    }

    private Node weight(Node correlated, Shape shape) {
        return rows.reshape(outputsFirst(correlated), shape);
    }

    /**
     * The gradient for the input of a convolution: a convolution of {@code g}, spread by the stride
     * and padded, with the weight's input and output channels exchanged and its kernel reversed. A
     * kernel of one tap is applied before spreading.
     */
    Node data(Window window, int groups, Shape x, Node weight, Node g) {
        Node exchanged = exchanged(window, groups, x.extent(1), dense(weight));
        int rank = window.rank();
        List<Integer> ones = Collections.nCopies(rank, 1);
        List<Integer> none = Collections.nCopies(rank, 0);
        boolean pointwise = window.taps() == 1;
        Node source = g;
        if (pointwise) {
            Window single = new Window(ones, ones, none, none, ones);
            source = rows.builder().node(new Conv(single, groups), g, exchanged);
        }
        Node spread = spread(source, window.stride());
        List<Integer> padBegin = new ArrayList<>();
        List<Integer> padEnd = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            int begin = window.reach(axis) - 1 - window.padBegin().get(axis);
            int end =
                    x.extent(axis + 2)
                            - spread.shape().extent(axis + 2)
                            + window.padBegin().get(axis);
            Dim before = Dim.of(pointwise ? begin : Math.min(begin, 0));
            Dim after = Dim.of(pointwise ? end : Math.min(end, 0));
            spread = rows.padded(spread, axis + 2, before, after);
            padBegin.add(Math.max(begin, 0));
            padEnd.add(Math.max(end, 0));
        }
        Window back = new Window(window.kernel(), ones, padBegin, padEnd, window.dilation());
        return pointwise ? spread : rows.builder().node(new Conv(back, groups), spread, exchanged);
    }

    /** {@code stride - 1} zeros between neighbours along the spatial axes. */
    private Node spread(Node g, List<Integer> stride) {
        if (stride.stream().allMatch(s -> s == 1)) {
            return g;
        }
        List<Dim> apart = new ArrayList<>(g.shape().dims().subList(0, 2));
        List<Dim> together = new ArrayList<>(apart);
        List<Integer> after = new ArrayList<>(List.of(0, 0));
        for (int axis = 0; axis < stride.size(); axis++) {
            Dim extent = g.shape().dim(axis + 2);
            apart.addAll(List.of(extent, Dim.of(1)));
            together.add(extent.times(stride.get(axis)));
            after.addAll(List.of(0, stride.get(axis) - 1));
        }
        List<Integer> before = Collections.nCopies(after.size(), 0);
        Pad zeros = new Pad(before, after, Pad.Mode.CONSTANT, 0);
        Node wide = rows.builder().node(zeros, rows.reshape(g, new Shape(apart)));
        Node result = rows.reshape(wide, new Shape(together));
        for (int axis = 0; axis < stride.size(); axis++) {
            result = rows.padded(result, axis + 2, Dim.of(0), Dim.of(1 - stride.get(axis)));
        }
        return result;
    }

    private Node exchanged(Window window, int groups, int channels, Node weight) {
        int outputs = weight.shape().extent(0);
        List<Long> shape =
                new ArrayList<>(
                        List.of((long) groups, (long) outputs / groups, (long) channels / groups));
        window.kernel().forEach(extent -> shape.add((long) extent));
        List<Long> whole = new ArrayList<>(shape.subList(1, shape.size()));
        whole.set(0, (long) outputs);
        Node apart = rows.reshape(weight, shape(whole));
        for (int axis = 0; axis < window.rank(); axis++) {
            apart = rows.reversed(apart, axis + 2);
        }
        List<Integer> permutation = new ArrayList<>(List.of(1, 0));
        for (int axis = 0; axis < window.rank(); axis++) {
            permutation.add(axis + 2);
        }
        if (groups == 1) {
            return rows.transpose(apart, permutation);
        }
        List<Integer> within = new ArrayList<>(List.of(0));
        permutation.forEach(axis -> within.add(axis + 1));
        Node turned = rows.transpose(rows.reshape(apart, shape(shape)), within);
        List<Long> result = new ArrayList<>(whole);
        result.set(0, (long) channels);
        result.set(1, (long) outputs / groups);
        return rows.reshape(turned, shape(result));
    }

    private static Shape shape(List<Long> extents) {
        return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
    }
}
