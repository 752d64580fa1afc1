/**
 * What a compiled model needs at run time and nothing else.
 *
 * <p>The classes are relocated into the model's own package when its jar is written, so they name
 * no package in strings, use no reflection and depend on {@code java.base} alone. Three modules are
 * used when they are there: {@code jdk.incubator.vector} for speed, {@code java.desktop} to read
 * images and {@code jdk.management} to count allocated bytes.
 */
@org.jspecify.annotations.NullMarked
module org.cinnabar.runtime {
    requires static org.jspecify;
    requires static java.desktop;
    requires static jdk.incubator.vector;
    requires static jdk.management;

    exports org.cinnabar.runtime;
}
