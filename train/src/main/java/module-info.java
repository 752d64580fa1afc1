/** Training: models, data, optimisers, and steps compiled like any other graph. */
@org.jspecify.annotations.NullMarked
module org.cinnabar.train {
    requires static org.jspecify;
    requires transitive org.cinnabar.compiler;
    requires java.desktop;

    exports org.cinnabar.train;
    exports org.cinnabar.train.data;
    exports org.cinnabar.train.model;
    exports org.cinnabar.train.random;
}
