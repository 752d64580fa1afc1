package org.cinnabar.ir.text;

import java.util.Arrays;
import java.util.List;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/** Reads types, shapes and extents; their {@code toString} is the printed form. */
final class Types {
    private static final List<String> DTYPES =
            Arrays.stream(DType.values()).map(DType::toString).toList();

    private Types() {}

    static boolean looksAtType(Cursor in) {
        return DTYPES.stream().anyMatch(dtype -> in.looksAt(dtype + "["));
    }

    static TensorType type(Cursor in) {
        int start = in.offset();
        int dtype = DTYPES.indexOf(in.identifier("an element type"));
        if (dtype < 0) {
            throw in.error(start, "an element type of " + DTYPES, "another name");
        }
        return new TensorType(DType.values()[dtype], shape(in));
    }

    static Shape shape(Cursor in) {
        int start = in.offset();
        List<Dim> dims = in.list("[", "]", () -> extent(in));
        return in.checked(start, "a shape", () -> new Shape(dims));
    }

    static Dim extent(Cursor in) {
        Dim sum = in.skip("-") ? Dim.of(0).minus(term(in)) : term(in);
        while (in.looksAt("+") || in.looksAt("-")) {
            sum = in.skip("+") ? sum.plus(term(in)) : negative(in, sum);
        }
        return sum;
    }

    private static Dim negative(Cursor in, Dim sum) {
        in.expect("-");
        return sum.minus(term(in));
    }

    private static Dim term(Cursor in) {
        Dim product = factor(in);
        while (in.skip("*")) {
            product = product.times(factor(in));
        }
        return product;
    }

    private static Dim factor(Cursor in) {
        Dim base = atom(in);
        if (!in.skip("/")) {
            return base;
        }
        int start = in.offset();
        long divisor = in.integer();
        return in.checked(start, "a positive divisor", () -> base.floorDiv(divisor));
    }

    private static Dim atom(Cursor in) {
        if (in.skip("(")) {
            Dim inner = extent(in);
            in.expect(")");
            return inner;
        }
        return in.looksAtInteger() ? Dim.of(in.integer()) : Dim.symbol(in.identifier("an extent"));
    }
}
