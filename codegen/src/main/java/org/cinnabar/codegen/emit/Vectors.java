package org.cinnabar.codegen.emit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.cinnabar.codegen.bytecode.Expressions.call;
import static org.cinnabar.codegen.bytecode.Expressions.cast;
import static org.cinnabar.codegen.bytecode.Expressions.field;

import java.lang.constant.ClassDesc;
import java.util.List;
import org.cinnabar.codegen.bytecode.Expression;
import org.cinnabar.codegen.bytecode.Expressions;
import org.cinnabar.codegen.bytecode.FieldRef;
import org.cinnabar.codegen.bytecode.MethodRef;
import org.cinnabar.codegen.bytecode.Statement;
import org.cinnabar.codegen.bytecode.Statements;
import org.cinnabar.codegen.bytecode.Variable;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value.BinaryFunction;
import org.cinnabar.ir.loop.Value.Comparison;
import org.cinnabar.ir.loop.Value.UnaryFunction;

/**
 * Vectors of the Vector API. Only operations that both HotSpot and native-image compile to
 * instructions: no masks on memory (but see {@link #prefetch}), no gathers, no transcendental
 * lanewise operations, no {@code FloatVector.min} or {@code max}.
 *
 * <p>The JIT inlines an operation only if it knows its receiver's exact class, which it does for a
 * value just made but not for one carried around a loop. Where operands may change places, the
 * second one is the receiver: loops put what they carry first.
 */
final class Vectors implements Arithmetic {
    private static final ClassDesc FLOATS = vector("FloatVector");
    private static final ClassDesc INTS = vector("IntVector");
    private static final ClassDesc ANY = vector("Vector");
    private static final ClassDesc MASK = vector("VectorMask");
    private static final ClassDesc SPECIES = vector("VectorSpecies");
    private static final ClassDesc OPERATORS = vector("VectorOperators");
    private static final ClassDesc COMPARISON = vector("VectorOperators$Comparison");
    private static final ClassDesc ASSOCIATIVE = vector("VectorOperators$Associative");
    private static final ClassDesc BINARY = vector("VectorOperators$Binary");
    private static final ClassDesc CONVERSION = vector("VectorOperators$Conversion");
    private static final ClassDesc ARRAY = CD_float.arrayType();

    private static final MethodRef ZERO = MethodRef.ofStatic(FLOATS, "zero", FLOATS, SPECIES);
    private static final MethodRef BROADCAST =
            MethodRef.ofStatic(FLOATS, "broadcast", FLOATS, SPECIES, CD_float);
    private static final MethodRef FROM_ARRAY =
            MethodRef.ofStatic(FLOATS, "fromArray", FLOATS, SPECIES, ARRAY, CD_int);
    private static final MethodRef INTO_ARRAY =
            MethodRef.ofVirtual(FLOATS, "intoArray", CD_void, ARRAY, CD_int);
    private static final MethodRef INTO_ARRAY_MASKED =
            MethodRef.ofVirtual(FLOATS, "intoArray", CD_void, ARRAY, CD_int, MASK);
    private static final MethodRef MASK_ALL =
            MethodRef.ofInterface(SPECIES, "maskAll", MASK, CD_boolean);
    private static final MethodRef CONVERT =
            MethodRef.ofVirtual(INTS, "convert", ANY, CONVERSION, CD_int);
    private static final Expression LINE_PART =
            field(new FieldRef(FLOATS, "SPECIES_" + Stmt.Prefetch.NUMBERS * Float.SIZE, SPECIES));
    private static final MethodRef FMA = MethodRef.ofVirtual(FLOATS, "fma", FLOATS, ANY, ANY);
    private static final MethodRef BLEND = MethodRef.ofVirtual(FLOATS, "blend", FLOATS, ANY, MASK);
    private static final MethodRef COMPARE =
            MethodRef.ofVirtual(FLOATS, "compare", MASK, COMPARISON, ANY);
    private static final MethodRef REDUCE =
            MethodRef.ofVirtual(FLOATS, "reduceLanes", CD_float, ASSOCIATIVE);
    private static final MethodRef LANE = MethodRef.ofVirtual(FLOATS, "lane", CD_float, CD_int);
    private static final MethodRef TO_BITS = MethodRef.ofVirtual(FLOATS, "reinterpretAsInts", INTS);
    private static final MethodRef OF_BITS =
            MethodRef.ofVirtual(INTS, "reinterpretAsFloats", FLOATS);
    private static final MethodRef ZERO_INT = MethodRef.ofStatic(INTS, "zero", INTS, SPECIES);
    private static final MethodRef MAX_INT = MethodRef.ofVirtual(INTS, "max", INTS, ANY);
    private static final MethodRef MIN_INT = MethodRef.ofVirtual(INTS, "min", INTS, ANY);
    private static final MethodRef ADD_INT = MethodRef.ofVirtual(INTS, "add", INTS, ANY);
    private static final MethodRef SHIFT =
            MethodRef.ofVirtual(INTS, "lanewise", INTS, BINARY, CD_int);

    private static final Scalars SCALARS = new Scalars();

    private final int lanes;
    private final Expression species;
    private final Expression intSpecies;
    private final Expression prefetches;

    /**
     * Vectors of {@code lanes} floats: 4, 8 or 16. Lines are asked for where {@code program} says
     * so in {@code static boolean PREFETCHES}.
     */
    Vectors(int lanes, ClassDesc program) {
        this.lanes = lanes;
        String bits = "SPECIES_" + lanes * Float.SIZE;
        this.species = field(new FieldRef(FLOATS, bits, SPECIES));
        this.intSpecies = field(new FieldRef(INTS, bits, SPECIES));
        this.prefetches = field(new FieldRef(program, "PREFETCHES", CD_boolean));
    }

    private static ClassDesc vector(String name) {
        return ClassDesc.of("jdk.incubator.vector", name);
    }

    private static Expression operator(ClassDesc type, String name) {
        return field(new FieldRef(OPERATORS, name, type));
    }

    @Override
    public ClassDesc type() {
        return FLOATS;
    }

    @Override
    public ClassDesc bitsType() {
        return INTS;
    }

    @Override
    public Expression bits(Expression a) {
        return switch (a) {
            case Variable(_, ClassDesc type) when type.equals(INTS) -> a;
            case Expression.Call(MethodRef f, List<Expression> operands) when f.equals(OF_BITS) ->
                    operands.getFirst();
            case Expression.Call(MethodRef f, _) when f.equals(ZERO) -> call(ZERO_INT, intSpecies);
            default -> call(TO_BITS, a);
        };
    }

    @Override
    public Expression constant(float value) {
        boolean isZero = Float.floatToRawIntBits(value) == 0;
        return isZero ? call(ZERO, species) : splat(Expressions.constant(value));
    }

    @Override
    public Expression splat(Expression scalar) {
        return call(BROADCAST, species, scalar);
    }

    @Override
    public Expression load(Expression array, Expression index) {
        return call(FROM_ARRAY, species, array, index);
    }

    @Override
    public Statement store(Expression array, Expression index, Expression value) {
        return Statements.evaluate(call(INTO_ARRAY, value, array, index));
    }

    /**
     * Stores none of a vector's lanes. That brings the line as any store does, but nothing waits
     * for it; of a load that misses, everything that follows would wait to retire. Narrow vectors
     * are stored faster, and are within a line.
     */
    @Override
    public Statement prefetch(Expression array, Expression index) {
        return Statements.ifThen(
                prefetches,
                Statements.block(
                        Statements.evaluate(
                                call(
                                        INTO_ARRAY_MASKED,
                                        call(ZERO, LINE_PART),
                                        array,
                                        index,
                                        call(MASK_ALL, LINE_PART, Expressions.constant(false))))));
    }

    @Override
    public Expression unary(UnaryFunction f, Expression a) {
        return switch (f) {
            case NEG -> call(MethodRef.ofVirtual(FLOATS, "neg", FLOATS), a);
            case ABS -> call(MethodRef.ofVirtual(FLOATS, "abs", FLOATS), a);
            case SQRT -> call(MethodRef.ofVirtual(FLOATS, "sqrt", FLOATS), a);
            case SHIFT_BYTE -> call(OF_BITS, shifted(bits(a), Byte.SIZE));
            case SHIFT_HALF -> call(OF_BITS, shifted(bits(a), Short.SIZE));
            case INTEGER ->
                    cast(
                            call(
                                    CONVERT,
                                    bits(a),
                                    operator(CONVERSION, "I2F"),
                                    Expressions.constant(0)),
                            FLOATS);
            case LOG, SIN, COS, ATAN ->
                    throw new IllegalArgumentException(f + " has no vector form");
        };
    }

    @Override
    public Expression binary(BinaryFunction f, Expression a, Expression b) {
        return switch (f) {
            case ADD -> arithmetic("add", b, a);
            case SUB -> arithmetic("sub", a, b);
            case MUL -> arithmetic("mul", b, a);
            case DIV -> arithmetic("div", a, b);
            case MIN -> call(BLEND, b, a, compare("GT", b, a));
            case MAX -> call(BLEND, b, a, compare("LT", b, a));
            case MIN_BITS -> asBits(MIN_INT, a, b);
            case MAX_BITS -> asBits(MAX_INT, a, b);
            case SCALE -> {
                Expression exponents = shifted(bits(b), Scalars.MANTISSA_BITS);
                yield call(OF_BITS, call(ADD_INT, exponents, bits(a)));
            }
            case ADD_BITS -> asBits(ADD_INT, a, b);
            case POW -> throw new IllegalArgumentException(f + " has no vector form");
        };
    }

    private static Expression shifted(Expression bits, int by) {
        return call(SHIFT, bits, operator(BINARY, "LSHL"), Expressions.constant(by));
    }

    private static Expression compare(String name, Expression a, Expression b) {
        return call(COMPARE, a, operator(COMPARISON, name), b);
    }

    private static Expression arithmetic(String name, Expression a, Expression b) {
        return call(MethodRef.ofVirtual(FLOATS, name, FLOATS, ANY), a, b);
    }

    private Expression asBits(MethodRef f, Expression a, Expression b) {
        return call(OF_BITS, call(f, bits(a), bits(b)));
    }

    @Override
    public Expression fma(Expression a, Expression b, Expression c) {
        return call(FMA, a, b, c);
    }

    @Override
    public Expression choose(
            Comparison compare, Expression a, Expression b, Expression yes, Expression no) {
        String name =
                switch (compare) {
                    case LESS -> "LT";
                    case LESS_OR_EQUAL -> "LE";
                    case EQUAL -> "EQ";
                };
        return call(BLEND, no, yes, compare(name, a, b));
    }

    @Override
    public Expression fold(BinaryFunction f, Variable a) {
        return switch (f) {
            case MIN, MAX -> call(REDUCE, a, operator(ASSOCIATIVE, f.name()));
            case ADD, MUL -> tree(f, a, 0, lanes);
            case SUB, DIV, MIN_BITS, MAX_BITS, SCALE, ADD_BITS, POW ->
                    throw new IllegalArgumentException(f + " is not associative");
        };
    }

    /** In a fixed order; that of {@code reduceLanes} is another before and after compilation. */
    private Expression tree(BinaryFunction f, Variable a, int from, int to) {
        if (to - from == 1) {
            return call(LANE, a, Expressions.constant(from));
        }
        int middle = (from + to) / 2;
        return SCALARS.binary(f, tree(f, a, from, middle), tree(f, a, middle, to));
    }
}
