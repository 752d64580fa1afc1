package org.cinnabar.passes.simplify;

import org.cinnabar.ir.rewrite.Pass;
import org.cinnabar.ir.rewrite.RuleSet;

/** The passes of simplification and every rule in them. */
public final class Simplifications {
    /** Equal values become one node. */
    public static final Pass DEDUPE = new Dedupe();

    /**
     * Algebra on single values: constants are folded, no-ops go, movements merge, activations are
     * recognised.
     */
    public static final RuleSet SIMPLIFY =
            RuleSet.of(
                    "simplify",
                    Constants.FOLD,
                    NoOps.REMOVE,
                    NoOps.NEUTRAL_ELEMENT,
                    NoOps.INVOLUTION,
                    NoOps.IDEMPOTENT,
                    Algebra.CONSTANT_LAST,
                    Algebra.SUBTRACT_CONSTANT,
                    Algebra.DIVIDE_BY_CONSTANT,
                    Algebra.ONE_OVER,
                    Algebra.DIVIDE_BY_BROADCAST,
                    Algebra.SMALL_POWER,
                    Algebra.MERGE_ADDED,
                    Algebra.MERGE_MULTIPLIED,
                    Algebra.DISTRIBUTE,
                    Activations.ONE_SIDED_CLIP,
                    Activations.CLIP_TO_RELU,
                    Activations.MERGE_CLIPS,
                    Activations.SIGMOID,
                    WholeNumbers.CAST_ROUND_TRIP,
                    Normalization.EXPAND_BATCH_NORM,
                    WeightFolding.MATMUL_TO_LINEAR,
                    WeightFolding.CONSTANT_TO_WEIGHT,
                    Movements.MERGE_RESHAPES,
                    Movements.MERGE_TRANSPOSES,
                    Movements.TRANSPOSE_OF_ONES,
                    Movements.MERGE_SLICES,
                    Movements.SLICE_OF_CONCAT,
                    Movements.FLATTEN_CONCAT,
                    Movements.MERGE_PADS,
                    Movements.IMPLICIT_EXPAND);

    /** Islands of another axis order are turned round where that spares transposes. */
    public static final Pass CANCEL_TRANSPOSES = new CancelTransposes();

    /** What stands next to a contraction or a sliding window and is linear becomes part of it. */
    public static final RuleSet FOLD_INTO_CONTRACTIONS =
            RuleSet.of(
                    "fold-into-contractions",
                    WeightFolding.SCALE_OUTPUTS,
                    WeightFolding.SCALE_INPUTS,
                    WeightFolding.SHIFT_INPUTS,
                    WeightFolding.FLATTENED_TRANSPOSE,
                    Windows.PAD_INTO_CONV,
                    Windows.PAD_INTO_AVERAGE,
                    Windows.PAD_INTO_MAX,
                    Windows.GLOBAL_POOL);

    /** Constants that act as weights become weights; nothing else is rewritten. */
    public static final RuleSet FIND_WEIGHTS =
            RuleSet.of(
                    "find-weights",
                    Constants.FOLD,
                    NoOps.REMOVE,
                    WeightFolding.MATMUL_TO_LINEAR,
                    WeightFolding.CONSTANT_TO_WEIGHT);

    private Simplifications() {}
}
