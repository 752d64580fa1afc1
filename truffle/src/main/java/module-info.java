/** ONNX models as a language of GraalVM's polyglot API. */
@org.jspecify.annotations.NullMarked
module org.cinnabar.truffle {
    requires static org.jspecify;
    requires org.cinnabar.compiler;
    requires org.graalvm.polyglot;
    requires org.graalvm.truffle;

    provides com.oracle.truffle.api.provider.TruffleLanguageProvider with
            org.cinnabar.truffle.OnnxLanguageProvider;
}
