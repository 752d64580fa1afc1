@org.jspecify.annotations.NullMarked
module org.cinnabar.cli {
    requires static org.jspecify;
    requires org.cinnabar.compiler;
    requires info.picocli;
}
