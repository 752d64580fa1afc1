@org.jspecify.annotations.NullMarked
module org.cinnabar.passes {
    requires static org.jspecify;
    requires transitive org.cinnabar.ir;
}
