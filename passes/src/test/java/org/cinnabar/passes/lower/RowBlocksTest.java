package org.cinnabar.passes.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.passes.lower.RowBlocks.Order.BLOCKS;
import static org.cinnabar.passes.lower.RowBlocks.Order.GROUPS;
import static org.cinnabar.passes.lower.RowBlocks.Order.PANELS;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowBlocksTest {
    @Test
    void areAsLargeAsAllowedWhereTwoThreadsShareThemEvenly() {
        assertThat(RowBlocks.of(112, 112, 2, 0, BLOCKS, 28).size()).isEqualTo(28);
    }

    @Test
    void areOneWhereEveryThreadHasPanelsOfItsOwn() {
        assertThat(RowBlocks.of(1, 49, 64, 0, PANELS, 5).count(true)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 112, 16, BLOCKS, 3, 1",
        "56, 56, 2, BLOCKS, 13, 8",
        "14, 14, 15, BLOCKS, 14, 7",
        "14, 14, 15, PANELS, 14, 10",
    })
    void areSmallerWhereOneThreadWouldHaveMore(
            int rows, int pixels, int panels, RowBlocks.Order order, int most, int size) {
        assertThat(RowBlocks.of(rows, pixels, panels, 0, order, most).size()).isEqualTo(size);
    }

    @Test
    void areLargerForNarrowPanels() {
        RowBlocks blocks = RowBlocks.of(112, 112, 1, 1, PANELS, 26);
        assertThat(blocks.count(false)).isLessThan(blocks.count(true));
        assertThat(blocks.size(false)).isGreaterThan(blocks.size(true)).isLessThan(112);
    }

    /** Two threads then have the same half of the pixels from layer to layer. */
    @Test
    void areTheSameForAllPanelsThatPassOverABlock() {
        RowBlocks blocks = RowBlocks.of(14, 14, 2, 1, BLOCKS, 14);
        assertThat(blocks.size(false)).isEqualTo(blocks.size()).isLessThan(14);
        assertThat(blocks.count(false)).isEqualTo(blocks.count(true));
    }

    @Test
    void areSingleRowsUnderGroupsOfPanels() {
        RowBlocks blocks = RowBlocks.of(7, 28, 32, 1, GROUPS, 14);
        assertThat(blocks.count(true)).isEqualTo(7);
        assertThat(blocks.count(false)).isEqualTo(7);
    }

    @Test
    void areNeverTooSmallToRepayReadingWeights() {
        assertThat(RowBlocks.of(7, 7, 3, 0, PANELS, 7).size() * 7).isGreaterThanOrEqualTo(21);
        assertThat(RowBlocks.of(9, 30, 1, 0, BLOCKS, 9).size()).isGreaterThanOrEqualTo(2);
    }
}
