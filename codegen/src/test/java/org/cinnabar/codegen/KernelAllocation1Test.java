package org.cinnabar.codegen;

/** Scalar code. */
final class KernelAllocation1Test extends KernelAllocation {
    KernelAllocation1Test() {
        super(1);
    }
}
