/** Reads ONNX models into the graph IR. */
@org.jspecify.annotations.NullMarked
module org.cinnabar.frontend {
    requires static org.jspecify;
    requires transitive org.cinnabar.ir;
    requires com.google.protobuf;

    exports org.cinnabar.frontend;
}
