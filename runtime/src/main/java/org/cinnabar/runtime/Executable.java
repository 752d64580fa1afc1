package org.cinnabar.runtime;

/** The native executable that this code is, or is being made, part of. */
final class Executable {
    /**
     * Whether there is one; a constant while native-image builds it, so that code which only a JVM
     * can run is left out.
     */
    static final boolean NATIVE = System.getProperty("org.graalvm.nativeimage.imagecode") != null;

    private Executable() {}

    /** The executable's file; empty where the system does not say. */
    static String path() {
        return ProcessHandle.current().info().command().orElse("");
    }
}
