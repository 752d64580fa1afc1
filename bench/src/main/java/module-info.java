/** Measures compiled models beside ONNX Runtime. */
@org.jspecify.annotations.NullMarked
module org.cinnabar.bench {
    requires static org.jspecify;
    requires org.cinnabar.compiler;
    requires org.cinnabar.train;
    requires com.microsoft.onnxruntime;
    requires info.picocli;
    requires jdk.management;
    requires jmh.core;

    // Annotated fields are set by reflection.
    opens org.cinnabar.bench to
            info.picocli;
}
