@org.jspecify.annotations.NullMarked
module org.cinnabar.compiler {
    requires static org.jspecify;
    requires transitive org.cinnabar.ir;
    requires org.cinnabar.frontend;
    requires org.cinnabar.passes;
    requires org.cinnabar.codegen;
    requires org.cinnabar.runtime;
}
