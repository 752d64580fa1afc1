package org.cinnabar.ir.op;

import org.cinnabar.ir.Op;

/** Ops that only say which element stands where; no arithmetic. */
public sealed interface Movement extends Op
        permits Reshape, Transpose, Slice, Concat, Pad, Expand, Gather {}
