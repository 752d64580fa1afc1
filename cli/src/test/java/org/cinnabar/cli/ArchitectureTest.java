package org.cinnabar.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom, where that is finer than the modules' descriptors. */
class ArchitectureTest {
    private static final String OURS = "org.cinnabar.";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .importLocations(
                            ModuleLayer.boot().configuration().modules().stream()
                                    .filter(module -> module.name().startsWith(OURS))
                                    .map(ArchitectureTest::location)
                                    .collect(Collectors.toSet()));

    private static Location location(ResolvedModule module) {
        URI uri = module.reference().location().orElseThrow();
        return Location.of(uri.getPath().endsWith(".jar") ? URI.create("jar:" + uri + "!/") : uri);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ir               |                                     |
                    runtime          |                                     |
                    frontend         | ir                                  | com.google.protobuf
                    passes           | ir                                  |
                    codegen          | ir passes runtime                   | org.objectweb.asm com.palantir.javapoet
                    codegen.bytecode |                                     | org.objectweb.asm com.palantir.javapoet
                    codegen.emit     | codegen.bytecode ir.loop            |
                    compiler         | ir frontend passes codegen runtime  | com.palantir.javapoet
                    train            | ir passes codegen compiler runtime  |
                    cli              | ir frontend codegen compiler runtime train | picocli
                    """)
    void knowsOnlyWhatDataPassedBefore(
            String part, @Nullable String ours, @Nullable String theirs) {
        Stream<String> platform =
                Stream.of("java", "javax", "jdk", "com.sun.management", "org.jspecify");
        Stream<String> known =
                Stream.concat(
                        words(ours == null ? part : part + " " + ours).map(OURS::concat),
                        words(theirs));
        noClasses()
                .that()
                .resideInAPackage(OURS + part + "..")
                .should()
                .dependOnClassesThat(
                        resideOutsideOfPackages(
                                Stream.concat(platform, known)
                                        .map(name -> name + "..")
                                        .toArray(String[]::new)))
                .check(CLASSES);
    }

    private static Stream<String> words(@Nullable String text) {
        return text == null ? Stream.empty() : Stream.of(text.split(" "));
    }

    /** A graph, its ops and their weights are one recursive data type in three packages. */
    @Test
    void packagesFormNoCycle() {
        slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(CLASSES);
    }

    private static final SliceAssignment PACKAGES =
            new SliceAssignment() {
                @Override
                public String getDescription() {
                    return "packages, those of the graph taken as one";
                }

                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return switch (type.getPackageName()) {
                        case OURS + "ir", OURS + "ir.op", OURS + "ir.weights" ->
                                SliceIdentifier.of("graph");
                        case String name when name.startsWith(OURS) -> SliceIdentifier.of(name);
                        default -> SliceIdentifier.ignore();
                    };
                }
            };

    @Test
    void runtimeNeitherReflectsNorStreams() {
        noClasses()
                .that()
                .resideInAPackage(OURS + "runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang.reflect..", "java.lang.invoke..", "java.util.stream..")
                .check(CLASSES);
    }

    @Test
    void onlyTheTextFormReflectsOnTheIr() {
        noClasses()
                .that()
                .resideInAnyPackage(OURS + "ir..", OURS + "passes..", OURS + "frontend")
                .and()
                .resideOutsideOfPackage(OURS + "ir.text..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .check(CLASSES);
    }
}
