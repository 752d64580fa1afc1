package org.cinnabar.ir.op;

import org.cinnabar.ir.Op;

/** Ops that sum products: where a network's arithmetic is. */
public sealed interface Contraction extends Op permits Conv, Linear, MatMul, Correlate {}
