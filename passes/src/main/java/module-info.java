/** What is done to graphs: simplification into the canonical form, lowering to loops. */
@org.jspecify.annotations.NullMarked
module org.cinnabar.passes {
    requires static org.jspecify;
    requires transitive org.cinnabar.ir;

    exports org.cinnabar.passes;
    exports org.cinnabar.passes.gradients;
    exports org.cinnabar.passes.lower;
    exports org.cinnabar.passes.simplify;
}
