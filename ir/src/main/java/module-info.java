/**
 * The two languages of the compiler, graph and loops, with their text forms, verifier, rewriter and
 * interpreter.
 */
@org.jspecify.annotations.NullMarked
module org.cinnabar.ir {
    requires static org.jspecify;

    exports org.cinnabar.ir;
    exports org.cinnabar.ir.interp;
    exports org.cinnabar.ir.loop;
    exports org.cinnabar.ir.op;
    exports org.cinnabar.ir.rewrite;
    exports org.cinnabar.ir.text;
    exports org.cinnabar.ir.verify;
    exports org.cinnabar.ir.weights;
}
