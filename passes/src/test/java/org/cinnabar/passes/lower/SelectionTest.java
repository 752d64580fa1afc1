package org.cinnabar.passes.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    private static Graph depthwise(String name) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", TensorType.f32(1, 6, 5, 7));
        Node w = b.weight(new Matrix(F32.of(new float[6 * 9], 6, 9)));
        Node y = b.at(new Origin(name, "Conv")).node(new Conv(Window.square(3, 1, 1), 6), x, w);
        return new Graph("test", List.of(x), List.of(new Graph.Output("y", y)));
    }

    private static String chosen(String... requests) {
        Selection selection = Selection.DEFAULT;
        for (String request : requests) {
            selection = selection.with(Selection.Request.parse(request));
        }
        return Fusion.groups(depthwise("/a/conv_1"), selection).getFirst().lowering().name();
    }

    @Test
    void lastRequestThatAppliesCounts() {
        assertThat(chosen()).isEqualTo("depthwise");
        assertThat(chosen("*=direct")).isEqualTo("depthwise");
        assertThat(chosen("*=fft16")).isEqualTo("fft16");
        assertThat(chosen("*=fft16", "/a/conv_1=depthwise")).isEqualTo("depthwise");
        assertThat(chosen("/a/conv_1=depthwise", "*=fft16")).isEqualTo("fft16");
        assertThat(chosen("/a/conv_1=fft16", "*=gemm")).isEqualTo("fft16");
    }

    @ParameterizedTest
    @CsvSource({
        "*, conv, true",
        "conv, conv, true",
        "conv, conv_1, false",
        "con*, conv_1, true",
        "*_1, conv_1, true",
        "c*v*1, conv_1, true",
        "*conv*, conv, true",
        "conv*v, conv, false",
        "*x*, conv, false",
        "*_1_1, a_1, false"
    })
    void starStandsForAnyText(String pattern, String label, boolean matches) {
        assertThat(new Selection.Request(pattern, "direct").speaksOf(label)).isEqualTo(matches);
    }

    @Test
    void namesWhatCannotBeMet() {
        assertThatThrownBy(() -> Selection.Request.parse("conv"))
                .hasMessageContaining("expected NODE=LOWERING");
        assertThatThrownBy(() -> Selection.Request.parse("conv=fast"))
                .hasMessageContaining("'conv=fast'");
        assertThatThrownBy(() -> chosen("conv=direct"))
                .isInstanceOf(LoweringException.class)
                .hasMessageContaining("got 'conv'");
        assertThatThrownBy(() -> chosen("/a/conv_1=gemm"))
                .hasMessageContaining("cannot be computed by gemm, only by [depthwise, fft");
    }

    @Test
    void groupsWhatUsesAResultTwice() {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", TensorType.f32(1, 32, 5, 7));
        Node w = b.weight(new Matrix(F32.of(new float[32 * 32], 32, 32)));
        Node y = b.node(new Conv(Window.square(1, 1, 0), 1), x, w);
        Node gate = b.node(new Unary(Unary.Function.SIGMOID), y);
        Node swish = b.node(new Binary(Binary.Function.MUL), gate, y);
        Graph alone = new Graph("test", List.of(x), List.of(new Graph.Output("swish", swish)));
        assertThat(Fusion.groups(alone, Selection.DEFAULT))
                .singleElement()
                .satisfies(group -> assertThat(group.members()).containsOnly(y, gate, swish));
        Graph both =
                new Graph(
                        "test",
                        List.of(x),
                        List.of(new Graph.Output("swish", swish), new Graph.Output("y", y)));
        assertThat(Fusion.groups(both, Selection.DEFAULT)).hasSize(2);
    }

    private static Node dense(int channels, int extent) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", TensorType.f32(1, channels, extent, extent));
        float[] weights = new float[channels * channels * 9];
        Node w = b.weight(new Matrix(F32.of(weights, channels, channels * 9L)));
        return b.node(new Conv(Window.square(3, 1, 1), 1), x, w);
    }

    private static Decision decision(Selection selection, Node y) {
        Graph graph = new Graph("test", y.in().subList(0, 1), List.of(new Graph.Output("y", y)));
        return Fusion.groups(graph, selection).getFirst().decision();
    }

    @Test
    void choosesThePredictedQuickest() {
        Decision decision = decision(Selection.DEFAULT, dense(64, 56));
        assertThat(decision.lowering().name()).startsWith("winograd");
        assertThat(decision.isRequested()).isFalse();
        assertThat(decision.candidates())
                .filteredOn(Decision.Candidate::isAllowed)
                .extracting(Decision.Candidate::predicted)
                .allSatisfy(
                        seconds ->
                                assertThat(seconds)
                                        .isGreaterThanOrEqualTo(
                                                predicted(decision, decision.lowering().name())));
    }

    private static double predicted(Decision decision, String lowering) {
        return decision.candidates().stream()
                .filter(candidate -> candidate.lowering().name().equals(lowering))
                .mapToDouble(Decision.Candidate::predicted)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void refusesWhatMayErrMore() {
        Selection exact = Selection.DEFAULT.withMaxError(Lowering.ROUNDING);
        Decision decision = decision(exact, dense(64, 56));
        assertThat(decision.lowering().name()).isEqualTo("direct");
        assertThat(decision.candidates())
                .filteredOn(candidate -> candidate.lowering().name().equals("winograd4"))
                .extracting(Decision.Candidate::refusal)
                .containsExactly("error may exceed 1.0e-06");
        Selection.Request request = Selection.Request.parse("*=winograd4");
        assertThat(decision(exact.with(request), dense(64, 56)).lowering().name())
                .isEqualTo("winograd4");
    }

    /** Each is worth it, but the errors of all of them would be too much for the network. */
    @Test
    void roundsTheWeightsOfSomeLayers() {
        GraphBuilder b = new GraphBuilder();
        Random random = new Random(3);
        Node x = b.input("x", TensorType.f32(1, 256));
        Node y = x;
        for (int layer = 0; layer < 12; layer++) {
            float[] weights = new float[256 * 256];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) random.nextGaussian();
            }
            y = b.node(new Linear(), y, b.weight(new Matrix(F32.of(weights, 256, 256))));
        }
        Graph graph = new Graph("test", List.of(x), List.of(new Graph.Output("y", y)));
        Machine small = new Machine(1e11, 1e9, 1e11, 1e10, 1e9, 1e-8, 1 << 10, 1 << 12);
        Selection selection = Selection.DEFAULT.withMachine(small);
        List<Group> groups = Fusion.groups(graph, selection);
        List<Group> rounded =
                groups.stream().filter(group -> group.lowering().roundsWeights()).toList();
        assertThat(rounded).hasSizeBetween(2, 11);
        double squares =
                rounded.stream()
                        .mapToDouble(group -> Math.pow(group.lowering().error(group.root()), 2))
                        .sum();
        assertThat(Math.sqrt(squares)).isBetween(0.8 * selection.maxError(), 1.2e-4);
        assertThat(groups)
                .flatExtracting(group -> group.decision().candidates())
                .extracting(Decision.Candidate::refusal)
                .contains("other layers gain more from fewer bits");
        assertThat(Fusion.groups(graph, selection.withMaxError(1e-5)))
                .noneMatch(group -> group.lowering().roundsWeights());
    }

    @Test
    void measuredTimesDecide() {
        Node y = dense(64, 56);
        Lowering slow = new Winograd(2, WinogradTiling.Storage.TRANSFORMED);
        Timings timings = new Timings(Map.of(Timings.key(y, slow), 1.0));
        assertThat(decision(Selection.DEFAULT.withTimings(timings), y).lowering()).isEqualTo(slow);
    }

    @Test
    void weightsFromMemoryCountMoreThanThoseFromTheCache() {
        Work work = new Winograd(4, WinogradTiling.Storage.TRANSFORMED).work(dense(256, 14));
        double cold = Machine.DEFAULT.seconds(work, 1e9);
        assertThat(cold).isGreaterThan(Machine.DEFAULT.seconds(work, 1e6));
        assertThat(Machine.DEFAULT.seconds(Work.UNKNOWN, 0)).isInfinite();
    }

    @Test
    void largeNetworksTransformFiltersOnline() {
        Work early = new Winograd(6, WinogradTiling.Storage.TRANSFORMED).work(dense(256, 14));
        Work online = new Winograd(6, WinogradTiling.Storage.ONLINE).work(dense(256, 14));
        Machine machine = Machine.DEFAULT;
        assertThat(machine.seconds(online, 1e9)).isLessThan(machine.seconds(early, 1e9));
        assertThat(machine.seconds(online, 1e6)).isGreaterThan(machine.seconds(early, 1e6));
    }

    @Test
    void whatACacheHoldsIsReadFromIt() {
        Machine machine = new Machine(1, 1, 8, 2, 1, 0, 200, 1000);
        assertThat(machine.seconds(new Work(0, 0, 100, 300, 0, 0), 0)).isZero();
        assertThat(machine.seconds(new Work(0, 0, 200, 0, 0, 0), 0)).isEqualTo(100 / 8.0);
        assertThat(machine.seconds(new Work(0, 0, 200, 400, 0, 0), 0)).isEqualTo(300 / 8.0);
        assertThat(machine.seconds(new Work(0, 0, 1000, 0, 0, 0), 0))
                .isEqualTo(400 / 8.0 + 500 / 2.0);
        assertThat(machine.seconds(new Work(0, 0, 200, 0, 0, 0), 1000)).isEqualTo(200 / 2.0);
    }
}
