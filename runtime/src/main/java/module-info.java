@org.jspecify.annotations.NullMarked
module org.cinnabar.runtime {
    requires static org.jspecify;
}
