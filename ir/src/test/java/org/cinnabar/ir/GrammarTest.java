package org.cinnabar.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Movement;
import org.cinnabar.ir.weights.Encoded;
import org.cinnabar.ir.weights.LinearMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammars in the package docs list the types there are. */
class GrammarTest {
    private static final Path SOURCES = Path.of("src/main/java/org/cinnabar/ir");

    /** First words of the alternatives of {@code rule}. */
    private static List<String> alternatives(Path source, String rule) throws IOException {
        String line =
                Files.readString(source)
                        .lines()
                        .filter(l -> l.matches(".*\\b" + rule + " +::= .*"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(source + " has no rule " + rule));
        return Arrays.stream(line.substring(line.indexOf("::=") + 3).split("\\|"))
                .map(alternative -> alternative.strip().split("\\W")[0])
                .toList();
    }

    private static Stream<String> permitted(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .map(type -> type.getSimpleName().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @ValueSource(classes = {Op.class, Elementwise.class, Contraction.class, Movement.class})
    void opsAreAsListed(Class<?> sealed) throws IOException {
        assertThat(
                        alternatives(
                                SOURCES.resolve("package-info.java"),
                                sealed.getSimpleName().toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrderElementsOf(permitted(sealed).toList());
    }

    @ParameterizedTest
    @CsvSource({"package-info, map", "LinearMap, map", "package-info, encoded", "Encoded, encoded"})
    void weightsAreAsListed(String file, String rule) throws IOException {
        Class<?> sealed = rule.equals("map") ? LinearMap.class : Encoded.class;
        assertThat(alternatives(SOURCES.resolve("weights").resolve(file + ".java"), rule))
                .containsExactlyInAnyOrderElementsOf(permitted(sealed).toList());
    }
}
