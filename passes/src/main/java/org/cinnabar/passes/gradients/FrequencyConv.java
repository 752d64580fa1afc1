package org.cinnabar.passes.gradients;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Window;
import org.cinnabar.passes.lower.Prediction;
import org.cinnabar.passes.lower.Selection;

/**
 * A convolution of a computed weight, and its gradients, in the frequency domain. With {@code X},
 * {@code W} and {@code G} the Fourier transforms of input, weight and the result's gradient, the
 * result is the transform back of {@code X·W*}, the input's gradient that of {@code G·W} and the
 * weight's that of {@code G*·X}, summed over input channels, output channels and images at every
 * frequency. Each of the three is transformed once and read by two of the products.
 *
 * <p>Transforms are products with constant matrices, which tiles of registers compute at their full
 * speed: along the rows from real numbers to half a spectrum, then along the columns. Their lengths
 * need not be composite, and are no longer than zeros around the input demand.
 *
 * <p>Mathieu, Henaff and LeCun, Fast Training of Convolutional Networks through FFTs, 2014.
 *
 * @param value the result, of the type that the convolution has
 * @param pullback to the input and the weight
 */
public record FrequencyConv(Node value, Pullback pullback) {
    /** What has to be gained by the prediction for one core: spectra go through shared memory. */
    private static final double GAIN = 1.5;

    /** Where convolutions are computed so. */
    public enum Use {
        /** Where forward and backward pass together are predicted to be quicker. */
        WHERE_QUICKER,
        /** Nowhere. */
        NEVER,
        /** Wherever it is possible. */
        ALWAYS
    }

    /**
     * {@code conv} on the operands {@code x} and {@code w} in the frequency domain; empty if it has
     * a stride or groups, or if {@code use} says no.
     *
     * @param conv of two spatial axes
     * @param selection whose machine times are predicted for
     */
    public static Optional<FrequencyConv> of(
            Conv conv, Node x, Node w, Use use, Selection selection, GraphBuilder builder) {
        Window window = conv.window();
        if (use == Use.NEVER
                || conv.groups() != 1
                || window.rank() != 2
                || window.stride().stream().anyMatch(s -> s != 1)) {
            return Optional.empty();
        }
        if (use == Use.WHERE_QUICKER && !isQuicker(conv, x, w, selection)) {
            return Optional.empty();
        }
        return Optional.of(new Domain(window, x.shape(), w.shape(), builder).conv(x, w));
    }

    /** Compares predictions of both ways to compute the result and its two gradients. */
    private static boolean isQuicker(Conv conv, Node x, Node w, Selection selection) {
        GraphBuilder b = new GraphBuilder();
        Node input = b.input("x", x.type());
        Node weight = b.input("w", w.type());
        Node direct = b.node(conv, input, weight);
        Node g = b.input("g", direct.type());
        ContractionRows rows = new ContractionRows(new Rows(b));
        List<Node> plain = List.of(direct, rows.pull(direct, 0, g), rows.pull(direct, 1, g));
        FrequencyConv other =
                new Domain(conv.window(), x.shape(), w.shape(), b).conv(input, weight);
        List<Node> turned = new ArrayList<>(other.pullback.pull().apply(g));
        turned.add(other.value);
        return GAIN * seconds(turned, selection) < seconds(plain, selection);
    }

    private static double seconds(List<Node> results, Selection selection) {
        List<Graph.Output> outputs = new ArrayList<>();
        for (Node result : results) {
            outputs.add(new Graph.Output("out" + outputs.size(), result));
        }
        return Prediction.seconds(new Graph("alternative", List.of(), outputs), selection);
    }

    /** Complex numbers as two nodes. */
    private record Complex(Node re, Node im) {}

    /** Geometry of one convolution, and the nodes that it is made of. */
    private static final class Domain {
        private final Rows rows;
        private final int n;
        private final int k;
        private final int c;
        private final Axis vertical;
        private final Axis horizontal;
        private final Shape weight;

        Domain(Window window, Shape x, Shape weight, GraphBuilder builder) {
            this.rows = new Rows(builder);
            this.weight = weight;
            this.n = x.extent(0);
            this.c = x.extent(1);
            this.k = weight.extent(0);
            this.vertical = Axis.of(window, 0, x);
            this.horizontal = Axis.of(window, 1, x);
        }

        FrequencyConv conv(Node x, Node w) {
            Node taps = rows.reshape(w, Shape.of(k, c, vertical.taps, horizontal.taps));
            Complex inputs = map(spectrumOfImages(x), f -> rows.transpose(f, List.of(1, 2, 0, 3)));
            Complex weights = spectrumOfWeight(rows.transpose(taps, List.of(2, 3, 1, 0)));
            Node y =
                    back(
                            new Complex(
                                    plus(
                                            matmul(inputs.re, weights.re),
                                            matmul(inputs.im, weights.im)),
                                    minus(
                                            matmul(inputs.im, weights.re),
                                            matmul(inputs.re, weights.im))),
                            vertical.results(),
                            horizontal.results());
            Node value = rows.transpose(y, List.of(2, 3, 0, 1));
            return new FrequencyConv(
                    value, new Pullback(List.of(x, w), g -> pull(g, inputs, weights)));
        }

        private List<Node> pull(Node g, Complex x, Complex w) {
            Complex gradients = spectrumOfGradient(rows.transpose(g, List.of(2, 3, 1, 0)));
            Node ofInput =
                    back(
                            new Complex(
                                    minus(matmul(w.re, gradients.re), matmul(w.im, gradients.im)),
                                    plus(matmul(w.im, gradients.re), matmul(w.re, gradients.im))),
                            vertical.inputs(),
                            horizontal.inputs());
            Node ofWeight =
                    back(
                            new Complex(
                                    plus(matmul(gradients.re, x.re), matmul(gradients.im, x.im)),
                                    minus(matmul(gradients.re, x.im), matmul(gradients.im, x.re))),
                            vertical.lags(),
                            horizontal.lags());
            return List.of(
                    rows.transpose(ofInput, List.of(3, 2, 0, 1)),
                    rows.reshape(rows.transpose(ofWeight, List.of(2, 3, 0, 1)), weight));
        }

        /** {@code [N,C,H,W]} as {@code [N,f,v,C]}. */
        private Complex spectrumOfImages(Node x) {
            int height = vertical.input;
            int width = horizontal.input;
            Node images = rows.transpose(x, List.of(0, 2, 3, 1));
            Node lines = reshape(images, n, height, (long) width * c);
            Node half = matmul(vertical.forward(IntStream.range(0, height)), lines);
            Node folded = reshape(half, n, vertical.half(), 2L * width, c);
            return horizontal(folded, IntStream.range(0, width));
        }

        /** {@code [kernel,kernel,C,K]} as {@code [f,v,C,K]}. */
        private Complex spectrumOfWeight(Node w) {
            return spectrum(w, vertical.lattice(), horizontal.lattice(), c, k);
        }

        /** {@code [H,W,K,N]} as {@code [f,v,K,N]}. */
        private Complex spectrumOfGradient(Node g) {
            return spectrum(
                    g,
                    IntStream.range(0, vertical.output),
                    IntStream.range(0, horizontal.output),
                    k,
                    n);
        }

        private Complex spectrum(Node x, IntStream down, IntStream across, int a, int b) {
            int height = x.shape().extent(0);
            int width = x.shape().extent(1);
            Node lines = reshape(x, height, (long) width * a * b);
            Node half = matmul(vertical.forward(down), lines);
            Node folded = reshape(half, vertical.half(), 2L * width, (long) a * b);
            return map(
                    horizontal(folded, across),
                    f -> reshape(f, vertical.half(), horizontal.length, a, b));
        }

        private Complex horizontal(Node folded, IntStream at) {
            int[] places = at.toArray();
            return new Complex(
                    matmul(horizontal.turned(places, Math::cos, Math::sin), folded),
                    matmul(horizontal.turned(places, t -> -Math.sin(t), Math::cos), folded));
        }

        /** The numbers at {@code down} and {@code across} of {@code [f,v,A,B]}, in front. */
        private Node back(Complex spectrum, int[] down, int[] across) {
            int a = spectrum.re.shape().extent(2);
            int b = spectrum.re.shape().extent(3);
            Complex flat =
                    map(
                            spectrum,
                            f -> reshape(f, vertical.half(), horizontal.length, (long) a * b));
            Node half =
                    plus(
                            matmul(horizontal.returned(across, Math::cos, Math::sin), flat.re),
                            matmul(
                                    horizontal.returned(across, t -> -Math.sin(t), Math::cos),
                                    flat.im));
            Node folded = reshape(half, 2L * vertical.half(), (long) across.length * a * b);
            Node result =
                    matmul(
                            vertical.real(down, 1.0 / (vertical.length * horizontal.length)),
                            folded);
            return reshape(result, down.length, across.length, a, b);
        }

        private interface Change {
            Node of(Node part);
        }

        private static Complex map(Complex complex, Change change) {
            return new Complex(change.of(complex.re), change.of(complex.im));
        }

        private Node reshape(Node x, long... extents) {
            return rows.reshape(x, Shape.of(extents));
        }

        private Node matmul(Tensor a, Node b) {
            return matmul(rows.builder().constant(a), b);
        }

        private Node matmul(Node a, Node b) {
            return rows.builder().node(new MatMul(), a, b);
        }

        private Node plus(Node a, Node b) {
            return rows.binary(Binary.Function.ADD, a, b);
        }

        private Node minus(Node a, Node b) {
            return rows.binary(Binary.Function.SUB, a, b);
        }
    }

    /**
     * One spatial axis: transforms of {@code length} numbers, even, at least those of the input and
     * of the wider border, so that what wraps around is zero wherever it is read.
     */
    private record Axis(int input, int output, int taps, int dilation, int padBegin, int length) {
        static Axis of(Window window, int axis, Shape x) {
            int input = x.extent(axis + 2);
            int begin = window.padBegin().get(axis);
            int end = window.padEnd().get(axis);
            int output = input + begin + end - window.reach(axis) + 1;
            int length = Math.max(input + Math.max(begin, end), window.reach(axis));
            return new Axis(
                    input,
                    output,
                    window.kernel().get(axis),
                    window.dilation().get(axis),
                    begin,
                    length + length % 2);
        }

        /** Frequencies of real numbers. */
        int half() {
            return length / 2 + 1;
        }

        IntStream lattice() {
            return IntStream.range(0, taps).map(i -> i * dilation);
        }

        /** Where results, gradients of inputs and gradients of taps are found. */
        int[] results() {
            return IntStream.range(0, output).map(p -> p - padBegin).toArray();
        }

        int[] inputs() {
            return IntStream.range(0, input).map(q -> q + padBegin).toArray();
        }

        int[] lags() {
            return lattice().map(i -> i - padBegin).toArray();
        }

        private double angle(int frequency, int place) {
            return 2 * Math.PI * Math.floorMod(frequency * place, length) / length;
        }

        /** {@code [2·half, places]}: real and imaginary part of half the transform. */
        Tensor forward(IntStream at) {
            int[] places = at.toArray();
            return matrix(
                    2 * half(),
                    places.length,
                    (row, col) -> {
                        double angle = angle(row / 2, places[col]);
                        return row % 2 == 0 ? Math.cos(angle) : -Math.sin(angle);
                    });
        }

        /** {@code [length, 2·places]}: what real and imaginary parts at places add. */
        Tensor turned(int[] places, DoubleUnaryOperator ofRe, DoubleUnaryOperator ofIm) {
            return matrix(
                    length,
                    2 * places.length,
                    (row, col) -> {
                        DoubleUnaryOperator f = col < places.length ? ofRe : ofIm;
                        return f.applyAsDouble(angle(row, places[col % places.length]));
                    });
        }

        /** {@code [2·places, length]}: what frequencies add to real and imaginary parts. */
        Tensor returned(int[] places, DoubleUnaryOperator toRe, DoubleUnaryOperator toIm) {
            return matrix(
                    2 * places.length,
                    length,
                    (row, col) -> {
                        DoubleUnaryOperator f = row < places.length ? toRe : toIm;
                        return f.applyAsDouble(angle(col, places[row % places.length]));
                    });
        }

        /** {@code [places, 2·half]}: real numbers of half a spectrum, times {@code scale}. */
        Tensor real(int[] places, double scale) {
            return matrix(
                    places.length,
                    2 * half(),
                    (row, col) -> {
                        int f = col / 2;
                        double angle = angle(f, places[row]);
                        double part = col % 2 == 0 ? Math.cos(angle) : -Math.sin(angle);
                        return (f % (length / 2) == 0 ? scale : 2 * scale) * part;
                    });
        }

        private interface Entry {
            double at(int row, int col);
        }

        private static Tensor matrix(int rows, int cols, Entry entry) {
            float[] numbers = new float[rows * cols];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) entry.at(i / cols, i % cols);
            }
            return Tensor.f32(Shape.of(rows, cols), numbers);
        }
    }
}
