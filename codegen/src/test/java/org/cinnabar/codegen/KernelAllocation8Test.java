package org.cinnabar.codegen;

/** Vectors of 8 floats. */
final class KernelAllocation8Test extends KernelAllocation {
    KernelAllocation8Test() {
        super(8);
    }
}
