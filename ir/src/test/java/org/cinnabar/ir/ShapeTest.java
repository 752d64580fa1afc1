package org.cinnabar.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final Dim N = Dim.symbol("N");

    private static Shape shape(Dim... dims) {
        return new Shape(List.of(dims));
    }

    @Test
    void broadcastAlignsAtTheLastAxis() {
        assertThat(Shape.of(5, 1, 3).broadcast(Shape.of(7, 1))).isEqualTo(Shape.of(5, 7, 3));
        assertThat(Shape.SCALAR.broadcast(Shape.of(2, 3))).isEqualTo(Shape.of(2, 3));
        assertThat(shape(N, Dim.of(3)).broadcast(Shape.of(3))).isEqualTo(shape(N, Dim.of(3)));
        assertThat(shape(N).broadcast(Shape.of(1))).isEqualTo(shape(N));
        assertThat(Shape.of(0).broadcast(Shape.of(1))).isEqualTo(Shape.of(0));
    }

    @Test
    void broadcastRejectsDifferentExtents() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(2, 3).broadcast(Shape.of(2)))
                .withMessage("shapes [2,3] and [2] do not broadcast");
        assertThatIllegalArgumentException().isThrownBy(() -> shape(N).broadcast(Shape.of(3)));
    }

    @Test
    void negativeAxesCountFromTheEnd() {
        assertThat(Shape.of(2, 3, 5).dim(-1)).isEqualTo(Dim.of(5));
        assertThat(Shape.of(2, 3, 5).with(-3, N)).isEqualTo(shape(N, Dim.of(3), Dim.of(5)));
        assertThat(Shape.of(2, 3, 5).extent(-2)).isEqualTo(3);
    }

    @Test
    void sizeIsTheProduct() {
        assertThat(Shape.SCALAR.count()).isEqualTo(1);
        assertThat(Shape.of(3, 0, 5).count()).isZero();
        assertThat(shape(N, Dim.of(3), N).size()).isEqualTo(N.times(N).times(3));
    }

    @Test
    void rejectsNegativeExtents() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(3, -1))
                .withMessageContaining("-1");
    }
}
