package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Unary;

/** Arithmetic, comparisons and logic, element by element. */
final class MathOps {
    static final List<OpRow> ROWS = rows();

    private MathOps() {}

    private static List<OpRow> rows() {
        List<OpRow> rows =
                new ArrayList<>(
                        List.of(
                                unary("Abs", Unary.Function.ABS),
                                unary("Atan", Unary.Function.ATAN),
                                unary("Ceil", Unary.Function.CEIL),
                                unary("Cos", Unary.Function.COS),
                                unary("Erf", Unary.Function.ERF),
                                unary("Exp", Unary.Function.EXP),
                                unary("Floor", Unary.Function.FLOOR),
                                unary("Log", Unary.Function.LOG),
                                unary("Neg", Unary.Function.NEG),
                                unary("Not", Unary.Function.NOT),
                                unary("Reciprocal", Unary.Function.RECIPROCAL),
                                unary("Round", Unary.Function.ROUND),
                                unary("Sign", Unary.Function.SIGN),
                                unary("Sin", Unary.Function.SIN),
                                unary("Sqrt", Unary.Function.SQRT),
                                binary("Add", Binary.Function.ADD),
                                binary("And", Binary.Function.AND),
                                binary("Div", Binary.Function.DIV),
                                binary("Equal", Binary.Function.EQUAL),
                                binary("Less", Binary.Function.LESS),
                                binary("LessOrEqual", Binary.Function.LESS_OR_EQUAL),
                                binary("Mul", Binary.Function.MUL),
                                binary("Or", Binary.Function.OR),
                                binary("Sub", Binary.Function.SUB),
                                binary("Xor", Binary.Function.XOR)));
        rows.addAll(
                List.of(
                        OpRow.of(
                                "Greater",
                                7,
                                n -> n.binary(Binary.Function.LESS, n.in(1), n.in(0))),
                        OpRow.of(
                                "GreaterOrEqual",
                                12,
                                n -> n.binary(Binary.Function.LESS_OR_EQUAL, n.in(1), n.in(0))),
                        OpRow.of(
                                "Max",
                                6,
                                n -> folded(n, (a, b) -> n.binary(Binary.Function.MAX, a, b))),
                        OpRow.of(
                                "Min",
                                6,
                                n -> folded(n, (a, b) -> n.binary(Binary.Function.MIN, a, b))),
                        OpRow.of("Sum", 6, n -> folded(n, n::add)),
                        OpRow.of("Mean", 6, n -> n.div(folded(n, n::add), n.in().size())),
                        OpRow.of("Pow", 7, MathOps::pow),
                        OpRow.of("Mod", 10, MathOps::mod),
                        OpRow.of("Where", 9, n -> n.select(n.in(0), n.in(1), n.in(2))),
                        OpRow.of(
                                "IsNaN",
                                9,
                                n ->
                                        n.unary(
                                                Unary.Function.NOT,
                                                n.binary(Binary.Function.EQUAL, n.in(0), n.in(0)))),
                        OpRow.of("IsInf", 10, MathOps::isInfinite),
                        OpRow.of(
                                "Tan",
                                7,
                                n ->
                                        n.div(
                                                n.unary(Unary.Function.SIN, n.in(0)),
                                                n.unary(Unary.Function.COS, n.in(0)))),
                        OpRow.of(
                                "Sinh",
                                9,
                                n -> n.mul(n.sub(n.exp(n.in(0)), n.exp(negated(n))), 0.5)),
                        OpRow.of(
                                "Cosh",
                                9,
                                n -> n.mul(n.add(n.exp(n.in(0)), n.exp(negated(n))), 0.5)),
                        OpRow.of(
                                "Asinh",
                                9,
                                n -> n.log(n.add(n.in(0), n.sqrt(n.add(n.square(n.in(0)), 1))))),
                        OpRow.of(
                                "Acosh",
                                9,
                                n -> n.log(n.add(n.in(0), n.sqrt(n.sub(n.square(n.in(0)), 1))))),
                        OpRow.of(
                                "Atanh",
                                9,
                                n ->
                                        n.mul(
                                                n.log(
                                                        n.div(
                                                                n.add(n.in(0), 1),
                                                                n.add(negated(n), 1))),
                                                0.5))));
        return rows;
    }

    private static OpRow unary(String operator, Unary.Function f) {
        return OpRow.of(operator, 1, n -> n.unary(f, n.in(0)));
    }

    private static OpRow binary(String operator, Binary.Function f) {
        return OpRow.of(operator, 7, n -> n.binary(f, n.in(0), n.in(1)));
    }

    private static Node negated(OnnxNode n) {
        return n.unary(Unary.Function.NEG, n.in(0));
    }

    private static Node folded(OnnxNode n, BinaryOperator<Node> f) {
        return n.in().stream().reduce(f).orElseThrow(() -> new Rejected("an operand", "none", ""));
    }

    /**
     * The exponent takes the type of the base; only an integer base with a float exponent is raised
     * as a float.
     */
    private static Node pow(OnnxNode n) {
        Node base = n.in(0);
        Node exponent = n.in(1);
        DType type = base.type().dtype();
        DType common = exponent.type().dtype().isFloating() ? exponent.type().dtype() : type;
        return n.cast(
                n.binary(Binary.Function.POW, n.cast(base, common), n.cast(exponent, common)),
                type);
    }

    /** With {@code fmod} the remainder has the sign of the dividend, as in C. */
    private static Node mod(OnnxNode n) {
        Node a = n.in(0);
        Node b = n.in(1);
        if (!n.flag("fmod", false)) {
            return n.binary(Binary.Function.MOD, a, b);
        }
        Node rest =
                n.binary(
                        Binary.Function.MOD,
                        n.unary(Unary.Function.ABS, a),
                        n.unary(Unary.Function.ABS, b));
        return n.mul(n.unary(Unary.Function.SIGN, a), rest);
    }

    private static Node isInfinite(OnnxNode n) {
        Node x = n.in(0);
        boolean positive = n.flag("detect_positive", true);
        boolean negative = n.flag("detect_negative", true);
        Node infinity = n.scalar(x.type().dtype(), Double.POSITIVE_INFINITY);
        Node folded =
                positive && negative
                        ? n.unary(Unary.Function.ABS, x)
                        : positive ? x : n.unary(Unary.Function.NEG, x);
        if (!positive && !negative) {
            throw n.unsupported("detect_positive", 0, "something to detect");
        }
        return n.binary(Binary.Function.EQUAL, folded, infinity);
    }
}
