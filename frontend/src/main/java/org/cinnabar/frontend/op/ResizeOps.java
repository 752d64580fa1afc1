package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;

/**
 * Resampling, axis by axis: every output position is a weighted sum of a few input positions, each
 * a gather with constant indices. Repeating whole elements needs no gather and serves symbolic
 * extents too.
 */
final class ResizeOps {
    static final List<OpRow> ROWS =
            List.of(
                    OpRow.of("Upsample", 7, n -> resized(n, scales(n), Resampling.upsample(n))),
                    OpRow.of("Upsample", 9, n -> resized(n, scales(n, 1), Resampling.upsample(n))),
                    OpRow.of("Resize", 10, n -> resized(n, scales(n, 1), Resampling.upsample(n))),
                    OpRow.of("Resize", 11, ResizeOps::resize));

    private ResizeOps() {}

    /** The change of one axis. */
    private record Scale(int axis, Dim extent, double factor) {
        Scale {
            if (!(factor > 0 && factor <= 1 << 16)) {
                throw new Rejected("scales in (0, " + (1 << 16) + "]", Double.toString(factor), "");
            }
        }
    }

    private static Node resize(OnnxNode n) {
        n.ignore("extrapolation_value");
        if (n.flag("antialias", false)) {
            throw n.unsupported("antialias", 1, "antialias=0");
        }
        String policy = n.text("keep_aspect_ratio_policy", "stretch");
        if (!policy.equals("stretch")) {
            throw n.unsupported("keep_aspect_ratio_policy", policy, "stretch");
        }
        boolean sized = n.has(3) && !n.in(3).shape().dim(0).is(0);
        return resized(n, sized ? sizes(n) : scales(n, 2), Resampling.resize(n));
    }

    private static List<Integer> resizedAxes(OnnxNode n) {
        Node x = n.in(0);
        return n.integers("axes")
                .map(axes -> axes.stream().map(a -> n.axis(a, x)).toList())
                .orElse(OnnxNode.axes(0, x.shape().rank()));
    }

    private static List<Scale> scales(OnnxNode n) {
        List<Float> factors =
                n.numbers("scales")
                        .orElseThrow(() -> new Rejected("an attribute scales", "none", ""));
        return scales(n, factors.stream().mapToDouble(f -> f).toArray());
    }

    private static List<Scale> scales(OnnxNode n, int operand) {
        return scales(n, n.numbers(operand, "scales"));
    }

    private static List<Scale> scales(OnnxNode n, double[] factors) {
        List<Integer> axes = resizedAxes(n);
        if (factors.length != axes.size()) {
            throw new Rejected(axes.size() + " scales", Arrays.toString(factors), "");
        }
        List<Scale> scales = new ArrayList<>();
        for (int i = 0; i < factors.length; i++) {
            Dim extent = n.in(0).shape().dim(axes.get(i));
            double factor = factors[i];
            if (factor == Math.rint(factor)) {
                scales.add(new Scale(axes.get(i), extent.times((long) factor), factor));
            } else if (extent.isKnown()) {
                scales.add(
                        new Scale(
                                axes.get(i),
                                Dim.of((long) Math.floor(extent.value() * factor)),
                                factor));
            } else {
                throw new Rejected(
                        "whole scales on symbolic extents",
                        "scale " + factor + " of extent " + extent,
                        "fix the input's extents with --shape");
            }
        }
        return scales;
    }

    private static List<Scale> sizes(OnnxNode n) {
        List<Dim> sizes = n.dims(3, "sizes");
        List<Integer> axes = resizedAxes(n);
        if (sizes.size() != axes.size()) {
            throw new Rejected(axes.size() + " sizes", sizes.toString(), "");
        }
        List<Scale> scales = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            Dim from = n.in(0).shape().dim(axes.get(i));
            Dim to = sizes.get(i);
            double factor =
                    from.isKnown() && to.isKnown()
                            ? (double) to.value() / from.value()
                            : to.exactDiv(from).value();
            scales.add(new Scale(axes.get(i), to, factor));
        }
        return scales;
    }

    private static Node resized(OnnxNode n, List<Scale> scales, Resampling method) {
        Node x = n.in(0);
        for (Scale scale : scales) {
            x = resized(n, x, scale, method);
        }
        return x;
    }

    private static Node resized(OnnxNode n, Node x, Scale scale, Resampling method) {
        Dim extent = x.shape().dim(scale.axis());
        if (scale.extent().equals(extent) && scale.factor() == 1) {
            return x;
        }
        boolean whole = scale.factor() == Math.rint(scale.factor());
        if (whole && method.repeats(extent, (int) scale.factor())) {
            return repeated(n, x, scale);
        }
        if (!extent.isKnown()) {
            throw new Rejected(
                    "known extents for " + method,
                    "extent " + extent + " of axis " + scale.axis(),
                    "fix the input's extents with --shape");
        }
        int to = n.affordable(scale.extent().value());
        return weighted(
                n,
                x,
                scale.axis(),
                method.taps(Math.toIntExact(extent.value()), to, scale.factor()));
    }

    /** {@code [d]} as {@code [d,1]}, expanded to {@code [d,r]} and read as {@code [d·r]}. */
    private static Node repeated(OnnxNode n, Node x, Scale scale) {
        List<Dim> apart = new ArrayList<>(x.shape().dims());
        apart.add(scale.axis() + 1, Dim.of(1));
        List<Dim> repeated = new ArrayList<>(apart);
        repeated.set(scale.axis() + 1, Dim.of((long) scale.factor()));
        Node expanded = n.expand(n.reshape(x, new Shape(apart)), new Shape(repeated));
        return n.reshape(expanded, x.shape().with(scale.axis(), scale.extent()));
    }

    private static Node weighted(OnnxNode n, Node x, int axis, List<Resampling.Tap> taps) {
        List<Node> terms = new ArrayList<>();
        for (Resampling.Tap tap : taps) {
            Node picked = n.gather(x, axis, tap.indices());
            if (taps.size() == 1) {
                return picked;
            }
            Node weights = n.constant(Tensor.f32(Shape.of(tap.weights().length), tap.weights()));
            terms.add(n.mul(picked, n.along(weights, axis, x.shape().rank())));
        }
        return terms.stream().reduce(n::add).orElseThrow();
    }
}
