package org.cinnabar.codegen;

/** Vectors of 4 floats. */
final class KernelAllocation4Test extends KernelAllocation {
    KernelAllocation4Test() {
        super(4);
    }
}
