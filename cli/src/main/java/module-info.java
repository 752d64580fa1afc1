/** The command line {@code cinnabar}. */
@org.jspecify.annotations.NullMarked
module org.cinnabar.cli {
    requires static org.jspecify;
    requires org.cinnabar.compiler;
    requires org.cinnabar.train;
    requires info.picocli;

    // Annotated fields are set by reflection.
    opens org.cinnabar.cli to
            info.picocli;
}
