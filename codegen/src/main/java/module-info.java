@org.jspecify.annotations.NullMarked
module org.cinnabar.codegen {
    requires static transitive org.jspecify;
    requires transitive org.cinnabar.ir;
    requires org.cinnabar.passes;
    requires org.objectweb.asm;
    requires org.objectweb.asm.commons;

    exports org.cinnabar.codegen.bytecode;
}
