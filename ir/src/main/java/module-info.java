@org.jspecify.annotations.NullMarked
module org.cinnabar.ir {
    requires static org.jspecify;
}
