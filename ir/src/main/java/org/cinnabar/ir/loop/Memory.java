package org.cinnabar.ir.loop;

/** The two arrays that generated code touches. */
public enum Memory {
    /** Activations: inputs, outputs and everything between; one per session. */
    ARENA,
    /** Packed weights, shared and never written. */
    WEIGHTS
}
