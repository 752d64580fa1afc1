package org.cinnabar.ir;

import java.util.List;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Movement;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Weight;

/**
 * What a node computes. An op carries its attributes and the type of its result, nothing else;
 * every other question about ops is an exhaustive switch outside.
 */
public sealed interface Op
        permits Input,
                Constant,
                Weight,
                Elementwise,
                Contraction,
                Movement,
                Reduce,
                Pool,
                MaxUnpool,
                ScatterAdd,
                BatchNorm {
    /**
     * The type of the result for operands of the given types.
     *
     * @throws IllegalArgumentException if the operands do not fit, naming what was expected and
     *     what was seen
     */
    TensorType infer(List<TensorType> in);
}
