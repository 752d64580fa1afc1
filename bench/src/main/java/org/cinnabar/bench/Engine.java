package org.cinnabar.bench;

/** One model in one runtime, with its inputs and outputs bound to memory once and for all. */
interface Engine extends AutoCloseable {
    /** One inference. */
    void run();

    /** Several inferences. */
    default void run(int times) {
        for (int i = 0; i < times; i++) {
            run();
        }
    }

    /** The values of output {@code index} after the last inference. */
    float[] output(int index);

    @Override
    void close();
}
