package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    @TempDir Path folder;

    private record Outcome(int code, String out, String err) {}

    private static final class Main extends Launcher {
        @Override
        protected ModelCard card() {
            return new ModelCard(
                    "affine", "1.0", "abc", "", 0, Preprocessing.DEFAULT, List.of("zero", "one"));
        }

        @Override
        protected Model load() {
            return new Affine(7, true);
        }
    }

    private static Outcome launch(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                new Main()
                        .execute(
                                words,
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String input(String shape) throws IOException {
        Port port = Port.of("x", shape, 0);
        Path file = folder.resolve("x.npy");
        new Npy(port.shape(), Affine.ramp(port.length())).write(file);
        return file.toString();
    }

    @Test
    void writesTheOutputWithItsBatch() throws IOException {
        Path out = folder.resolve("y.npy");
        Outcome outcome = launch(input("3x7"), "--out", out.toString(), "--threads=2");
        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
        assertThat(Npy.read(out).shape()).containsExactly(3, 7);
        assertThat(Npy.read(out).values())
                .containsExactly(new Affine(7, true).expected(Affine.ramp(21)));
    }

    @Test
    void printsTheLargestValuesWithLabels() throws IOException {
        Path labels = Files.writeString(folder.resolve("l"), "a\nb\nc\nd\ne\nf\ng\n");
        Outcome outcome = launch(input("2x7"), "--top", "2", "--labels", labels.toString());
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .isEqualTo(
                        """
                        %1$s/x.npy[0], output 'y':
                              5      -4.50000  f
                              4      -5.50000  e
                        %1$s/x.npy[1], output 'y':
                              5       2.50000  f
                              4       1.50000  e
                        """
                                .formatted(folder));
    }

    @Test
    void measuresInOneLineOfJson() {
        Outcome outcome = launch("--bench", "0.3", "--threads", "2");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out().strip().lines()).hasSize(1);
        assertThat(outcome.out())
                .startsWith("{\"model\": \"affine\", \"threads\": 2, \"lanes\": 0, \"batch\": 1, ")
                .contains("\"median_ms\": ", "\"min_ms\": ", "\"first_result_ms\": ")
                .contains("\"settled\": ", "\"runs\": ")
                .endsWith("}\n");
    }

    @Test
    void explainsItself() {
        assertThat(launch("--help").out())
                .startsWith("usage: java -jar ")
                .contains("--bench SECONDS", "Exit codes: 0 success, 1 failure, 2");
        assertThat(launch("--version").out())
                .isEqualTo("affine, compiled by Cinnabar 1.0 from the model with SHA-256 abc\n");
    }

    @Test
    void rejectsWrongCommandLinesWithCodeTwo() throws IOException {
        assertFails(2, "error: no INPUT given; see --help\n");
        assertFails(2, "error: unknown option --mena; see --help\n", "--mena", "1");
        assertFails(2, "error: --out needs a value; see --help\n", "a.npy", "--out");
        assertFails(2, "error: --top: takes a number from 1; got '0'\n", "a", "--top", "0");
        assertFails(2, "error: --bench: takes a number of seconds; got 'x'\n", "--bench=x");
        assertFails(2, "error: --mean: '' in '1,,2' is not a number\n", "a", "--mean", "1,,2");
        assertFails(2, "error: --std: std [0.0] divides by zero\n", "a", "--std", "0");
        assertFails(
                2,
                "error: --layout: layout is auto, nchw or nhwc; got 'chw'\n",
                "a",
                "--layout",
                "chw");
        assertFails(2, "error: --bench writes no --out file\n", "--bench", "1", "--out", "y");
    }

    @Test
    void reportsFailuresInOneLineWithCodeOne() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "hello");
        assertFails(1, "error: no such file: none.npy\n", "none.npy");
        assertFails(
                1,
                "error: " + text + " is neither an image (PNG, JPEG, GIF, BMP) nor an .npy file\n",
                text.toString());
        String wrong = input("3x5");
        assertFails(1, "error: " + wrong + " holds 3x5, input 'x' takes 1x7\n", wrong);
        String right = input("7");
        String nowhere = folder.resolve("none").resolve("y.npy").toString();
        assertFails(
                1, "error: " + nowhere + ": its folder does not exist\n", right, "--out", nowhere);
    }

    @Test
    void showsWhereOnlyWhenDebugging() {
        assertThat(launch("none.npy", "--debug").err()).contains("\tat ");
    }

    @Test
    void acceptsOneItemOrBatchWhateverTheOnes() {
        Port port = Port.of("x", "1x1x28x28", 0);
        for (List<Integer> shape :
                List.of(
                        List.of(28, 28),
                        List.of(1, 28, 28),
                        List.of(5, 28, 28),
                        List.of(5, 1, 28, 28),
                        List.of(5, 28, 28, 1),
                        List.of(784),
                        List.of(5, 784))) {
            assertThat(Inputs.fits(shape, port)).as("%s", shape).isTrue();
        }
        for (List<Integer> shape :
                List.of(List.<Integer>of(), List.of(28), List.of(5, 2, 28, 28), List.of(5, 785))) {
            assertThat(Inputs.fits(shape, port)).as("%s", shape).isFalse();
        }
    }

    @Test
    void dropsOnlyTheWarningOfTheVectorApi() throws IOException {
        String warning = "WARNING: Using incubator modules: jdk.incubator.vector\n";
        assertThat(filtered("a\n" + warning + "b\nc")).isEqualTo("a\nb\nc");
        assertThat(filtered("a\nb")).isEqualTo("a\nb");
        assertThat(filtered(warning)).isEmpty();
        assertThat(filtered("")).isEmpty();
    }

    private static String filtered(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Relaunch.copyWithoutWarning(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void assertFails(int code, String message, String... words) {
        assertThat(launch(words)).isEqualTo(new Outcome(code, "", message));
    }
}
