package org.cinnabar.passes;

import static org.cinnabar.passes.simplify.Simplifications.CANCEL_TRANSPOSES;
import static org.cinnabar.passes.simplify.Simplifications.DEDUPE;
import static org.cinnabar.passes.simplify.Simplifications.FOLD_INTO_CONTRACTIONS;
import static org.cinnabar.passes.simplify.Simplifications.SIMPLIFY;

import org.cinnabar.ir.rewrite.Pipeline;
import org.cinnabar.ir.verify.Stage;

/** The pipelines of the compiler, each a list of passes in the order in which they run. */
public final class Pipelines {
    /** From the imported to the canonical graph. */
    public static final Pipeline CANONICALIZE =
            Pipeline.of(
                    "canonicalize",
                    Stage.IMPORTED,
                    Stage.CANONICAL,
                    DEDUPE,
                    SIMPLIFY,
                    CANCEL_TRANSPOSES,
                    SIMPLIFY,
                    FOLD_INTO_CONTRACTIONS,
                    SIMPLIFY,
                    DEDUPE);

    private Pipelines() {}
}
