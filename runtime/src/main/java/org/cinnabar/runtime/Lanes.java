package org.cinnabar.runtime;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

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
        if (lanes != 4 && lanes != 8 && lanes != 16) {
            return 0;
        }
        Species.initialize(lanes);
        return lanes;
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
        /**
         * Operations before the first kernel. Every one checks that its vectors are of one class;
         * once the JIT has seen enough of these checks hold, it takes a sum's class for known after
         * them. Before, it boxes every sum of the kernel that it compiles, for good.
         */
        private static final int CHECKS = 500;

        static int preferred() {
            return FloatVector.SPECIES_PREFERRED.length();
        }

        /**
         * Initialises the classes that kernels of so many lanes use. The JIT may compile a kernel
         * in the middle of its first call, and then calls methods of a class that is not
         * initialised, once and for all, instead of inlining them.
         */
        @SuppressWarnings("ReturnValueIgnored")
        static void initialize(int lanes) {
            VectorShape shape = VectorShape.forBitSize(lanes * Float.SIZE);
            FloatVector zero = FloatVector.zero(VectorSpecies.of(float.class, shape));
            zero.blend(zero.reinterpretAsInts().reinterpretAsFloats(), zero.compare(LT, zero));
            for (int i = 0; i < CHECKS; i++) {
                zero.fma(zero, zero);
            }
            // Kernels of 16 lanes ask for lines ahead by masked stores of narrow vectors.
            if (lanes == 16 && Program.PREFETCHES) {
                VectorSpecies<Float> part = FloatVector.SPECIES_128;
                float[] line = new float[part.length()];
                FloatVector.zero(part).intoArray(line, 0, part.maskAll(false));
            }
        }
    }
}
