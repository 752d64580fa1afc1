@org.jspecify.annotations.NullMarked
module org.cinnabar.codegen {
    requires static transitive org.jspecify;
    requires com.palantir.javapoet;
    requires java.compiler;
    requires transitive org.cinnabar.ir;
    requires transitive org.cinnabar.runtime;
    requires transitive org.cinnabar.passes;
    requires org.objectweb.asm;
    requires org.objectweb.asm.commons;

    exports org.cinnabar.codegen.bytecode;
    exports org.cinnabar.codegen.emit;
    exports org.cinnabar.codegen.jar;
    exports org.cinnabar.codegen.schedule;
}
