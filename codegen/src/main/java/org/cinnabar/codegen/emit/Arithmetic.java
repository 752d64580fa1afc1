package org.cinnabar.codegen.emit;

import java.lang.constant.ClassDesc;
import org.cinnabar.codegen.bytecode.Expression;
import org.cinnabar.codegen.bytecode.Statement;
import org.cinnabar.codegen.bytecode.Variable;
import org.cinnabar.ir.loop.Value.BinaryFunction;
import org.cinnabar.ir.loop.Value.Comparison;
import org.cinnabar.ir.loop.Value.UnaryFunction;

/** How values of one number of lanes are computed: {@link Scalars} or {@link Vectors}. */
interface Arithmetic {
    /** Java's type of such a value. */
    ClassDesc type();

    /** Java's type of its bits as integers. */
    ClassDesc bitsType();

    /** The bits of {@code a}, which may be bits already. */
    Expression bits(Expression a);

    Expression constant(float value);

    /** Every lane holds {@code scalar}. */
    Expression splat(Expression scalar);

    Expression load(Expression array, Expression index);

    Statement store(Expression array, Expression index, Expression value);

    /** Asks for the cache line at {@code index}, if there is an instruction for that. */
    Statement prefetch(Expression array, Expression index);

    Expression unary(UnaryFunction f, Expression a);

    Expression binary(BinaryFunction f, Expression a, Expression b);

    Expression fma(Expression a, Expression b, Expression c);

    Expression choose(
            Comparison compare, Expression a, Expression b, Expression yes, Expression no);

    /** All lanes combined, to the same bits every time. */
    Expression fold(BinaryFunction f, Variable a);
}
