package org.cinnabar.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cinnabar.ir.rewrite.Pass;
import org.cinnabar.ir.rewrite.Rule;
import org.cinnabar.ir.rewrite.RuleSet;
import org.cinnabar.passes.simplify.Simplifications;
import org.cinnabar.testkit.GoldenFiles;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every rule by itself and every pass, before and after as text in the folder of its name. */
class GoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private static final List<Rule> RULES =
            Stream.of(Simplifications.SIMPLIFY, Simplifications.FOLD_INTO_CONTRACTIONS)
                    .flatMap(set -> set.rules().stream())
                    .toList();

    @TestFactory
    Stream<DynamicTest> golden() {
        List<Pass> passes =
                new ArrayList<>(
                        List.of(
                                Simplifications.DEDUPE,
                                Simplifications.CANCEL_TRANSPOSES,
                                Pipelines.CANONICALIZE));
        RULES.forEach(rule -> passes.add(RuleSet.of(rule.name(), rule)));
        return GoldenFiles.tests(FOLDER, passes);
    }

    @TestFactory
    Stream<DynamicTest> everyRuleIsSeenToFireAndNotToFire() {
        return RULES.stream()
                .map(
                        rule ->
                                DynamicTest.dynamicTest(
                                        rule.name(),
                                        () -> {
                                            List<Boolean> firing = cases(rule);
                                            assertThat(firing)
                                                    .as("golden files of " + rule)
                                                    .contains(true);
                                            boolean unconditional =
                                                    rule.name().equals("expand-batch-norm");
                                            assertThat(firing.contains(false))
                                                    .as("a case unchanged by " + rule)
                                                    .isEqualTo(!unconditional);
                                        }));
    }

    /** For each golden file of a rule, whether the rule fires in it. */
    private static List<Boolean> cases(Rule rule) throws IOException {
        List<Boolean> firing = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER.resolve(rule.name()))) {
            for (Path file : files.toList()) {
                firing.add(!Files.readString(file).contains("# expect: unchanged"));
            }
        }
        return firing;
    }
}
