/** The compiler's public API: from an ONNX file to a jar, or to a model in memory. */
@org.jspecify.annotations.NullMarked
module org.cinnabar.compiler {
    requires static org.jspecify;
    requires transitive org.cinnabar.ir;
    requires transitive org.cinnabar.frontend;
    requires transitive org.cinnabar.passes;
    requires transitive org.cinnabar.codegen;
    requires transitive org.cinnabar.runtime;
    requires com.palantir.javapoet;
    requires java.compiler;

    exports org.cinnabar.compiler;
}
