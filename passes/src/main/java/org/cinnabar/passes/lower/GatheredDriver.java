package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;

/**
 * A {@link PanelDriver} for small maps whose rows are too short for tall tiles: each thread first
 * copies the windows of all pixels to its own memory (im2col), stretch by stretch of the sums. The
 * pixels of one follow one another: one long row for the tiles.
 */
record GatheredDriver(PanelDriver direct) {
    /** Numbers that a thread may gather: what the second-level cache keeps. */
    private static final int MOST = 1 << 18;

    /** {@code direct} or what is quicker. */
    static Kernel kernel(PanelDriver direct, Tiles tiles, String label, Epilogue epilogue) {
        GatheredDriver gathered = new GatheredDriver(direct);
        return direct.hasShortRows(tiles) && !direct.isEven() && gathered.numbers() <= MOST
                ? gathered.kernel(tiles, label, epilogue)
                : direct.kernel(tiles, label, epilogue);
    }

    private Taps taps() {
        return direct.taps().divided(PanelDriver.LONGEST);
    }

    private int pixels() {
        return direct.y().count() / direct.y().extent(direct.channelAxis());
    }

    /** Numbers that are gathered for one stretch of the sums. */
    private int part() {
        return pixels() * Layout.pitch(taps().k());
    }

    private int numbers() {
        return taps().stretches() * part();
    }

    private Kernel kernel(Tiles tiles, String label, Epilogue epilogue) {
        int sums = pixels() * direct.panels().width();
        View row = row(Index.var("own").plus(sums));
        Taps taps = taps();
        Taps gathered = new Taps(taps.n1(), taps.n2() * part(), taps.n2(), part(), taps.k());
        View from = windows(direct.x(), taps);
        Kernel copy = Copies.copy(tiles, "windows", from, windows(row, gathered));
        Kernel inner = direct.over(row, gathered).kernel(tiles, label, epilogue);
        Stmt body =
                Code.block(
                        List.of(
                                Code.call(copy, Index.of(0), Index.of(copy.tasks())),
                                Code.call(inner, Index.var("from"), Index.var("to"))));
        return tiles.kernel(label, inner.tasks(), sums + numbers(), body);
    }

    /** What is gathered, from {@code first} on. */
    private View row(Index first) {
        View y = direct.y();
        List<Integer> strides = new ArrayList<>(Collections.nCopies(y.rank(), 0));
        int stride = Layout.pitch(taps().k());
        for (int axis = y.rank() - 1; axis >= 0; axis--) {
            if (axis == direct.channelAxis()) {
                strides.set(axis, 1);
            } else {
                strides.set(axis, stride);
                stride *= y.extent(axis);
            }
        }
        return new View(Memory.ARENA, first, y.extents(), strides, 0);
    }

    /** The windows over {@code x}: first the pixels, then the three loops of {@code taps}. */
    private View windows(View x, Taps taps) {
        View pixels = x.without(direct.channelAxis(), direct.channelAxis() + 1);
        List<Integer> extents = new ArrayList<>(pixels.extents());
        List<Integer> strides = new ArrayList<>(pixels.strides());
        extents.addAll(List.of(taps.n1(), taps.n2(), taps.k()));
        strides.addAll(List.of(taps.s1(), taps.s2(), 1));
        return new View(x.memory(), x.offset(), extents, strides, 0);
    }
}
