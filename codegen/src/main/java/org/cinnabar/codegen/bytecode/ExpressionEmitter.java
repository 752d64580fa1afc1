package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.List;
import org.cinnabar.codegen.bytecode.Expression.Comparison;
import org.cinnabar.codegen.bytecode.Expression.Comparison.Relation;
import org.cinnabar.codegen.bytecode.Expression.Conditional;
import org.cinnabar.codegen.bytecode.Expression.Constant;
import org.cinnabar.codegen.bytecode.Expression.Logical;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.InstructionAdapter;

/** Emits expressions the way javac does: operands left to right, conditions as jumps. */
final class ExpressionEmitter {
    /** From the opcode that compares an {@code int} with zero to the one that compares two. */
    private static final int TWO_INTS = Opcodes.IF_ICMPEQ - Opcodes.IFEQ;

    private static final int TWO_REFERENCES = Opcodes.IF_ACMPEQ - Opcodes.IFEQ;
    private static final int WITH_NULL = Opcodes.IFNULL - Opcodes.IFEQ;

    private final InstructionAdapter code;
    private final Locals locals;
    private final String where;

    ExpressionEmitter(InstructionAdapter code, Locals locals, String where) {
        this.code = code;
        this.locals = locals;
        this.where = where;
    }

    /** Leaves the value on the stack. */
    void push(Expression expression) {
        Type type = Types.asm(expression.type());
        switch (expression) {
            case Constant constant -> pushConstant(constant);
            case Variable variable -> code.load(locals.slot(variable), type);
            case Expression.Element(var array, var index) -> {
                push(array);
                push(index);
                code.aload(type);
            }
            case Expression.StaticField(FieldRef field) ->
                    code.getstatic(
                            Types.internalName(field.owner()), field.name(), type.getDescriptor());
            case Expression.InstanceField(var receiver, FieldRef field) -> {
                push(receiver);
                code.getfield(
                        Types.internalName(field.owner()), field.name(), type.getDescriptor());
            }
            case Expression.Binary(var operator, var left, var right) -> {
                push(left);
                push(right);
                code.visitInsn(type.getOpcode(operator.opcode));
            }
            case Expression.Negate(var operand) -> {
                push(operand);
                code.neg(type);
            }
            case Expression.Cast(var operand, ClassDesc target) -> {
                push(operand);
                cast(operand.type(), target);
            }
            case Expression.Condition condition -> pushTruth(condition);
            case Conditional conditional -> pushEither(conditional);
            case Expression.Length(var array) -> {
                push(array);
                code.arraylength();
            }
            case Expression.NewArray(var element, var length) -> {
                push(length);
                code.newarray(Types.asm(element));
            }
            case Expression.Call(MethodRef method, List<Expression> operands) ->
                    call(method, operands);
        }
    }

    /** Jumps to the target if the condition is {@code when}, else falls through. */
    void branch(Expression condition, boolean when, Label target) {
        switch (condition) {
            case Constant(Boolean value, _) -> {
                if (value == when) {
                    code.goTo(target);
                }
            }
            case Comparison comparison -> branchOn(comparison, when, target);
            case Logical(var operator, var left, var right) -> {
                boolean decisive = operator == Logical.Operator.OR;
                if (decisive == when) {
                    branch(left, when, target);
                    branch(right, when, target);
                } else {
                    Label through = new Label();
                    branch(left, decisive, through);
                    branch(right, when, target);
                    code.mark(through);
                }
            }
            case Expression.Not(var operand) -> branch(operand, !when, target);
            case Conditional(var test, var then, var otherwise) -> {
                Label isFalse = new Label();
                Label through = new Label();
                branch(test, false, isFalse);
                branch(then, when, target);
                code.goTo(through);
                code.mark(isFalse);
                branch(otherwise, when, target);
                code.mark(through);
            }
            default -> {
                push(condition);
                code.visitJumpInsn(when ? Opcodes.IFNE : Opcodes.IFEQ, target);
            }
        }
    }

    private void branchOn(Comparison comparison, boolean when, Label target) {
        Expression left = comparison.left();
        Expression right = comparison.right();
        int opcode = (when ? comparison.relation() : comparison.relation().negated()).opcode;
        ClassDesc type = Types.promoted(left.type());
        push(left);
        if (isNull(right)) {
            code.visitJumpInsn(opcode + WITH_NULL, target);
        } else if (isZero(right)) {
            code.visitJumpInsn(opcode, target);
        } else {
            push(right);
            if (Types.isReference(type)) {
                code.visitJumpInsn(opcode + TWO_REFERENCES, target);
            } else if (compare(type, comparison.relation())) {
                code.visitJumpInsn(opcode, target);
            } else {
                code.visitJumpInsn(opcode + TWO_INTS, target);
            }
        }
    }

    /**
     * Compares two numbers wider than {@code int}; a NaN makes every relation but {@code !=} false.
     */
    private boolean compare(ClassDesc type, Relation relation) {
        if (type.equals(ConstantDescs.CD_long)) {
            code.lcmp();
            return true;
        }
        if (type.equals(ConstantDescs.CD_float) || type.equals(ConstantDescs.CD_double)) {
            if (relation == Relation.LT || relation == Relation.LE) {
                code.cmpg(Types.asm(type));
            } else {
                code.cmpl(Types.asm(type));
            }
            return true;
        }
        return false;
    }

    private void pushTruth(Expression condition) {
        Label isFalse = new Label();
        Label end = new Label();
        branch(condition, false, isFalse);
        code.iconst(1);
        code.goTo(end);
        code.mark(isFalse);
        code.iconst(0);
        code.mark(end);
    }

    private void pushEither(Conditional conditional) {
        Label otherwise = new Label();
        Label end = new Label();
        branch(conditional.condition(), false, otherwise);
        push(conditional.then());
        code.goTo(end);
        code.mark(otherwise);
        push(conditional.otherwise());
        code.mark(end);
    }

    private void pushConstant(Constant constant) {
        switch (constant.value()) {
            case null -> code.aconst(null);
            case Boolean value -> code.iconst(value ? 1 : 0);
            case Integer value -> code.iconst(value);
            case Long value -> code.lconst(value);
            case Float value -> code.fconst(value);
            case Double value -> code.dconst(value);
            case ClassDesc value -> code.tconst(Types.asm(value));
            case Object value -> {
                JvmLimit.STRING_BYTES.check(where, ClassEmitter.utf8Bytes((String) value));
                code.aconst(value);
            }
        }
    }

    /**
     * A cast to a superclass is checked too: it tells the verifier the type that paths merge to.
     */
    private void cast(ClassDesc from, ClassDesc to) {
        if (to.isPrimitive()) {
            code.cast(Types.asm(from), Types.asm(to));
        } else if (!to.equals(ConstantDescs.CD_Object)) {
            code.checkcast(Types.asm(to));
        }
    }

    private void call(MethodRef method, List<Expression> operands) {
        String owner = Types.internalName(method.owner());
        if (method.kind() == MethodRef.Kind.CONSTRUCTOR) {
            code.anew(Types.asm(method.owner()));
            code.dup();
        }
        operands.forEach(this::push);
        code.visitMethodInsn(
                method.kind().opcode,
                owner,
                method.name(),
                method.type().descriptorString(),
                method.kind().ownerIsInterface());
    }

    private static boolean isNull(Expression expression) {
        return expression instanceof Constant(Object value, _) && value == null;
    }

    private static boolean isZero(Expression expression) {
        return expression instanceof Constant(Object value, _)
                && (Boolean.FALSE.equals(value) || Integer.valueOf(0).equals(value));
    }
}
