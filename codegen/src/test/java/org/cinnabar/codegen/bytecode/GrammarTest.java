package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.cinnabar.codegen.bytecode.Expressions.*;
import static org.cinnabar.codegen.bytecode.Statements.*;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The package doc says what the language is. */
class GrammarTest {
    private static final Path DOC =
            Path.of("src/main/java/org/cinnabar/codegen/bytecode/package-info.java");

    private static String doc() throws IOException {
        assumeThat(DOC).as("the test runs in the folder of its module").exists();
        return Files.readString(DOC);
    }

    @Test
    void namesEveryForm() throws IOException {
        String doc = doc();
        Stream.of(Expression.class, Statement.class)
                .flatMap(GrammarTest::forms)
                .map(Class::getSimpleName)
                .forEach(form -> assertThat(doc).containsPattern(form + "\\}?\\("));
    }

    private static Stream<Class<?>> forms(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GrammarTest::forms)
                : Stream.of(type);
    }

    @Test
    void exampleWorks() throws IOException {
        Variable x = new Variable("x", CD_float.arrayType());
        Variable y = new Variable("y", CD_float.arrayType());
        Variable sum = new Variable("sum", CD_float);
        Variable i = new Variable("i", CD_int);
        MethodModel dot =
                MethodModel.of(
                        Modifier.STATIC,
                        CD_float,
                        "dot",
                        List.of(x, y),
                        block(
                                declare(sum, constant(0f)),
                                forLoop(
                                        i,
                                        constant(0),
                                        length(x),
                                        1,
                                        block(
                                                assign(
                                                        sum,
                                                        add(
                                                                sum,
                                                                mul(
                                                                        element(x, i),
                                                                        element(y, i)))))),
                                returnValue(sum)));
        ClassModel model = ClassModel.of(0, BytecodeAssertions.TEST_CLASS, List.of(), List.of(dot));
        assertThat(
                        BytecodeAssertions.call(
                                BytecodeAssertions.define(model),
                                "dot",
                                new float[] {1, 2, 3},
                                new float[] {4, 5, 6}))
                .isEqualTo(32f);
        List<String> lines = model.render().lines().toList();
        String method = String.join("\n", lines.subList(3, lines.size() - 1)).stripIndent();
        assertThat(doc().replaceAll("(?m)^ \\* ?", "")).contains(method);
    }
}
