package org.cinnabar.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.rewrite.Pass;
import org.cinnabar.ir.text.GraphParser;
import org.cinnabar.ir.text.GraphPrinter;
import org.cinnabar.ir.text.SyntaxError;
import org.cinnabar.ir.verify.Stage;
import org.cinnabar.ir.verify.Verifier;
import org.cinnabar.ir.verify.Violation;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs pass tests written as text: the printed result is compared with the file, and before and
 * after are interpreted on random inputs. {@code -Dbless=true} writes the results into the files
 * instead of comparing them; {@code -Dseed=N} repeats the inputs of a failure.
 */
public final class GoldenFiles {
    private static final int ROUNDS = 3;

    private final List<Pass> passes;
    private final boolean bless;

    private GoldenFiles(Collection<? extends Pass> passes, boolean bless) {
        this.passes = List.copyOf(passes);
        this.bless = bless;
    }

    /**
     * One test for every {@code *.golden} below {@code folder}, which may name any of {@code
     * passes}.
     */
    public static Stream<DynamicTest> tests(Path folder, Collection<? extends Pass> passes) {
        return tests(folder, passes, Boolean.getBoolean("bless"));
    }

    static Stream<DynamicTest> tests(
            Path folder, Collection<? extends Pass> passes, boolean bless) {
        GoldenFiles runner = new GoldenFiles(passes, bless);
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> golden =
                    files.filter(file -> file.toString().endsWith(".golden")).sorted().toList();
            assertThat(golden).as("golden files below " + folder.toAbsolutePath()).isNotEmpty();
            return golden.stream()
                    .map(
                            file ->
                                    DynamicTest.dynamicTest(
                                            folder.relativize(file).toString(),
                                            file.toAbsolutePath().toUri(),
                                            () -> runner.run(GoldenFile.read(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(GoldenFile file) throws IOException {
        Map<Integer, String> errors = file.errors();
        if (!errors.isEmpty()) {
            expectErrors(file, errors);
            return;
        }
        Pass pass = pass(file);
        GraphParser parser = new GraphParser(file.before());
        Graph before = parser.graph();
        Verifier.verify(before, Stage.IMPORTED);
        Graph after = pass.run(before);
        Verifier.verify(after, stage(file));
        compareText(
                file,
                GraphPrinter.print(before, parser.literals()),
                GraphPrinter.print(after, parser.literals()));
        compareValues(before, after, tolerance(file, pass), seed(file));
    }

    private Pass pass(GoldenFile file) {
        String name =
                file.header("pass")
                        .orElseThrow(() -> new AssertionError(file.path() + " names no pass"));
        return passes.stream()
                .filter(pass -> pass.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new AssertionError(
                                        "no pass "
                                                + name
                                                + " among "
                                                + passes.stream().map(Pass::name).toList()));
    }

    private static double tolerance(GoldenFile file, Pass pass) {
        return file.header("tolerance")
                .map(text -> text.equals("exact") ? 0 : Double.parseDouble(text))
                .orElse(pass.accuracy().epsilon());
    }

    private static Stage stage(GoldenFile file) {
        return file.header("stage")
                .map(name -> Stage.valueOf(name.toUpperCase(Locale.ROOT)))
                .orElse(Stage.IMPORTED);
    }

    /** The same for a file in every run, so that what passed stays so. */
    private static long seed(GoldenFile file) {
        return Long.getLong("seed", file.path().getFileName().toString().hashCode());
    }

    private void compareText(GoldenFile file, String before, String after) throws IOException {
        String expectation = file.header("expect").orElse("");
        if (expectation.equals("unchanged")) {
            assertThat(after).as("a graph that should stay unchanged").isEqualTo(before);
        } else if (!expectation.isEmpty()) {
            throw new AssertionError(
                    "unknown '# expect: " + expectation + "'; there is only 'unchanged'");
        } else if (bless) {
            file.bless(after);
        } else {
            String expected =
                    file.after()
                            .orElseThrow(
                                    () ->
                                            new AssertionError(
                                                    "no graph after; -Dbless=true would write\n"
                                                            + after));
            assertThat(after).as("the graph after; -Dbless=true accepts it").isEqualTo(expected);
        }
    }

    private static void compareValues(Graph before, Graph after, double tolerance, long seed) {
        assertThat(after.inputs().stream().map(node -> node.op()).toList())
                .as("inputs")
                .isEqualTo(before.inputs().stream().map(node -> node.op()).toList());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, Long> symbols = Inputs.symbols(before, random);
            Graph bound = Symbols.bind(before, symbols);
            Map<String, Tensor> inputs = Inputs.random(bound, random);
            Map<String, Tensor> expected = Interpreter.run(bound, inputs);
            Map<String, Tensor> actual = Interpreter.run(Symbols.bind(after, symbols), inputs);
            assertThat(List.copyOf(actual.keySet()))
                    .as("outputs")
                    .isEqualTo(List.copyOf(expected.keySet()));
            expected.forEach(
                    (name, value) ->
                            Agreement.check(
                                    "output " + name + " (-Dseed=" + seed + ")",
                                    value,
                                    requireNonNull(actual.get(name)),
                                    tolerance));
        }
    }

    private static void expectErrors(GoldenFile file, Map<Integer, String> expected) {
        Map<Integer, String> found = new TreeMap<>();
        try {
            GraphParser parser = new GraphParser(file.before());
            for (Violation violation : Verifier.violations(parser.graph(), stage(file))) {
                found.merge(
                        parser.line(violation.node()), violation.message(), (a, b) -> a + "; " + b);
            }
        } catch (SyntaxError e) {
            found.put(e.line(), String.valueOf(e.getMessage()));
        }
        assertThat(found).as("errors by line").containsOnlyKeys(expected.keySet());
        expected.forEach((line, text) -> assertThat(found.get(line)).contains(text));
    }
}
