package org.cinnabar.passes.transform;

import java.util.List;
import java.util.function.IntFunction;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.passes.transform.Circuit.Gate;
import org.cinnabar.passes.transform.Circuit.Term;
import org.jspecify.annotations.Nullable;

/**
 * A circuit as straight-line code over values of any number of lanes, each lane on its own.
 *
 * <p>A product that is only ever added or subtracted is part of fused multiply-adds. A gate's local
 * may hold the negated number where that saves an operation.
 */
public final class Codelet {
    private final Circuit circuit;
    private final int lanes;
    private final String prefix;
    private final IntFunction<Value> inputs;
    private final List<Stmt> code;
    private final int[] uses;
    private final boolean[] isFused;
    private final boolean[] isBetterNegated;
    private final boolean[] isNegated;
    private final Value.@Nullable Local[] locals;

    private Codelet(
            Circuit circuit, int lanes, String prefix, IntFunction<Value> inputs, List<Stmt> code) {
        this.circuit = circuit;
        this.lanes = lanes;
        this.prefix = prefix;
        this.inputs = inputs;
        this.code = code;
        int gates = circuit.gates().size();
        this.uses = new int[gates];
        this.isFused = new boolean[gates];
        this.isBetterNegated = new boolean[gates];
        this.isNegated = new boolean[gates];
        this.locals = new Value.Local[gates];
        count();
        orient();
    }

    /**
     * Appends to {@code code} what computes {@code circuit} and returns its outputs: {@code inputs}
     * gives the value of each input that is needed, once; the names of locals begin with {@code
     * prefix}.
     */
    public static List<Value> append(
            Circuit circuit, int lanes, String prefix, IntFunction<Value> inputs, List<Stmt> code) {
        Codelet codelet = new Codelet(circuit, lanes, prefix, inputs, code);
        return circuit.outputs().stream().map(codelet::output).toList();
    }

    /** Counts uses and finds the products that only sums use. */
    private void count() {
        boolean[] isOperandOfSums = new boolean[uses.length];
        for (int g = 0; g < uses.length; g++) {
            switch (circuit.gates().get(g)) {
                case Gate.Input _ -> {}
                case Gate.Sum(int a, int b) -> count(isOperandOfSums, a, b);
                case Gate.Difference(int a, int b) -> count(isOperandOfSums, a, b);
                case Gate.Multiple(_, int a) -> uses[a]++;
            }
            isFused[g] = circuit.gates().get(g) instanceof Gate.Multiple;
        }
        for (Term output : circuit.outputs()) {
            if (!output.isZero()) {
                uses[output.gate()]++;
                isFused[output.gate()] = false;
            }
        }
        for (int g = 0; g < uses.length; g++) {
            isFused[g] &= isOperandOfSums[g];
        }
    }

    private void count(boolean[] isOperandOfSums, int a, int b) {
        for (int operand : new int[] {a, b}) {
            uses[operand]++;
            isOperandOfSums[operand] = true;
        }
    }

    /** Passes on the sign of negated outputs to where it costs nothing. */
    private void orient() {
        for (Term output : circuit.outputs()) {
            if (output.sign() < 0 && uses[output.gate()] == 1) {
                isBetterNegated[output.gate()] = true;
            }
        }
        for (int g = uses.length - 1; g >= 0; g--) {
            if (isBetterNegated[g] && circuit.gates().get(g) instanceof Gate.Sum(int a, int b)) {
                int free = isFree(a) ? a : b;
                isBetterNegated[free] = isFree(free);
            }
        }
    }

    private boolean isFree(int gate) {
        return uses[gate] == 1
                && !(circuit.gates().get(gate) instanceof Gate.Input)
                && !isFused[gate];
    }

    private Value output(Term output) {
        if (output.isZero()) {
            return new Value.Const(0, lanes);
        }
        Value.Local local = local(output.gate());
        boolean isRight = isNegated[output.gate()] == output.sign() < 0;
        return isRight ? local : new Value.Unary(Value.UnaryFunction.NEG, local);
    }

    /** The local that holds gate {@code g}'s number or, where {@link #isNegated}, its negative. */
    private Value.Local local(int g) {
        Value.Local local = locals[g];
        if (local == null) {
            Value value =
                    switch (circuit.gates().get(g)) {
                        case Gate.Input(int index) -> inputs.apply(index);
                        case Gate.Sum(int a, int b) -> sum(g, a, b, 1);
                        case Gate.Difference(int a, int b) -> sum(g, a, b, -1);
                        case Gate.Multiple(double factor, int a) -> {
                            isNegated[g] = isBetterNegated[g];
                            yield product(isNegated[g] ? -factor : factor, a);
                        }
                    };
            local = new Value.Local(prefix + g, lanes);
            locals[g] = local;
            code.add(new Stmt.Let(local, value));
        }
        return local;
    }

    /** {@code a + side·b}, or its negative. */
    private Value sum(int g, int a, int b, int side) {
        if (isFused[b] && circuit.gates().get(b) instanceof Gate.Multiple(double factor, int x)) {
            return fused(g, a, side * factor, x, 1);
        }
        if (isFused[a] && circuit.gates().get(a) instanceof Gate.Multiple(double factor, int x)) {
            return fused(g, b, side * factor, x, side);
        }
        Value.Local left = local(a);
        Value.Local right = local(b);
        boolean isMinus = isNegated[a] != isNegated[b] == side > 0;
        if (!isMinus) {
            isNegated[g] = isNegated[a];
            return new Value.Binary(Value.BinaryFunction.ADD, left, right);
        }
        isNegated[g] = isBetterNegated[g];
        return isNegated[g] == isNegated[a]
                ? new Value.Binary(Value.BinaryFunction.SUB, left, right)
                : new Value.Binary(Value.BinaryFunction.SUB, right, left);
    }

    /** {@code side·(a + factor·x)}, or its negative. */
    private Value fused(int g, int a, double factor, int x, int side) {
        if (isFused[a] && circuit.gates().get(a) instanceof Gate.Multiple(double other, int y)) {
            isNegated[g] = isBetterNegated[g];
            int sign = isNegated[g] ? -side : side;
            Value.Local product = new Value.Local(prefix + g + "p", lanes);
            code.add(new Stmt.Let(product, product(sign * other, y)));
            return fma(sign * factor, x, product);
        }
        Value.Local sum = local(a);
        isNegated[g] = isNegated[a] != side < 0;
        return fma(isNegated[a] ? -factor : factor, x, sum);
    }

    private Value product(double factor, int a) {
        Value.Local local = local(a);
        return new Value.Binary(
                Value.BinaryFunction.MUL, constant(isNegated[a] ? -factor : factor), local);
    }

    private Value fma(double factor, int x, Value.Local sum) {
        Value.Local local = local(x);
        return new Value.Fma(local, constant(isNegated[x] ? -factor : factor), sum);
    }

    private Value constant(double factor) {
        return new Value.Const((float) factor, lanes);
    }
}
