package org.cinnabar.passes.lower;

import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.op.Window;

/**
 * The rows of a layer's result that its reader needs for band b: {@code count} from {@code start +
 * b·advance} on, the first {@code kept} of which are there from band b-1.
 */
record BandRows(int start, int advance, int count, int kept) {
    int computed() {
        return count - kept;
    }

    /** The first row that is computed for {@code band}. */
    Index first(Index band) {
        return needed(band).plus(kept);
    }

    Index needed(Index band) {
        return band.times(advance).plus(start);
    }

    /** Rows of what {@code window} reads for these. */
    BandRows before(Window window) {
        int stride = window.stride().getFirst();
        int span = window.span(0, computed());
        return new BandRows(
                (start + kept) * stride - window.padBegin().getFirst(),
                advance * stride,
                span,
                Math.max(0, span - advance * stride));
    }
}
