package org.cinnabar.runtime;

import jdk.incubator.vector.FloatVector;

/**
 * The vector width to run with.
 *
 * <p>The system property {@code cinnabar.vector} overrides the machine's: {@code off}, {@code 4},
 * {@code 8} or {@code 16}; {@code on} is the machine's, even where little is to be computed.
 */
public final class Lanes {
    /** The system property that overrides the machine's width. */
    public static final String PROPERTY = "cinnabar.vector";

    private static final String MODULE = "jdk.incubator.vector";

    private Lanes() {}

    /**
     * Floats per vector: 4, 8 or 16; or 0 where the Vector API is absent, switched off, or prefers
     * another width. Links no class of the Vector API in that case. Rejects other values of the
     * property.
     */
    public static int preferred() {
        String choice = System.getProperty(PROPERTY, "");
        int forced =
                switch (choice) {
                    case "", "on" -> -1;
                    case "off" -> 0;
                    case "4", "8", "16" -> Integer.parseInt(choice);
                    default ->
                            throw new IllegalArgumentException(
                                    PROPERTY + " takes on, off, 4, 8 or 16; got " + choice);
                };
        if (forced == 0 || !present()) {
            return 0;
        }
        int lanes = forced > 0 ? forced : Species.preferred();
        return lanes == 4 || lanes == 8 || lanes == 16 ? lanes : 0;
    }

    /** Whether this JVM was started with the Vector API's module. */
    static boolean present() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /** Whether this Java has the Vector API's module, in use or not. */
    static boolean installed() {
        return java.lang.module.ModuleFinder.ofSystem().find(MODULE).isPresent();
    }

    /** Whether {@link #PROPERTY} switches the Vector API off. */
    static boolean off() {
        return "off".equals(System.getProperty(PROPERTY));
    }

    /** Whether {@link #PROPERTY} says something. */
    static boolean said() {
        return !System.getProperty(PROPERTY, "").isEmpty();
    }

    private static final class Species {
        static int preferred() {
            return FloatVector.SPECIES_PREFERRED.length();
        }
    }
}
