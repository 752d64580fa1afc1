package org.cinnabar.ir.op;

import org.cinnabar.ir.Op;

/** Ops whose result at an index depends on the (broadcast) operands at that index only. */
public sealed interface Elementwise extends Op permits Unary, Binary, Select, Clip, Cast {}
