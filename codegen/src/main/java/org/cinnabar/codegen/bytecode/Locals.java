package org.cinnabar.codegen.bytecode;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Gives slots to the variables of one method, and takes them back at the end of their scope. */
final class Locals {
    private record Local(Variable variable, int slot, Label start) {}

    private record Range(Local local, Label end) {}

    private final String where;
    private final List<Local> inScope = new ArrayList<>();
    private final List<Range> ended = new ArrayList<>();
    private int nextSlot;

    Locals(String where) {
        this.where = where;
    }

    /** The slot of a new variable, which holds a value from {@code start} on. */
    int declare(Variable variable, Label start) {
        for (Local local : inScope) {
            if (local.variable.name().equals(variable.name())) {
                throw new IllegalStateException(
                        "%s declares %s while it is in scope".formatted(where, variable.name()));
            }
        }
        int slot = nextSlot;
        nextSlot += Types.slots(variable.type());
        JvmLimit.LOCAL_SLOTS.check(where, nextSlot);
        inScope.add(new Local(variable, slot, start));
        return slot;
    }

    int slot(Variable variable) {
        for (Local local : inScope) {
            if (local.variable.equals(variable)) {
                return local.slot;
            }
        }
        throw new IllegalStateException(
                "%s uses %s %s, which is not in scope"
                        .formatted(where, Types.name(variable.type()), variable.name()));
    }

    int depth() {
        return inScope.size();
    }

    /** Ends the scope of the variables declared since there were {@code depth}. */
    void leave(int depth, Label end) {
        while (inScope.size() > depth) {
            Local local = inScope.removeLast();
            nextSlot = local.slot;
            ended.add(new Range(local, end));
        }
    }

    /** Writes the table by which debuggers find variables. */
    void describe(MethodVisitor code) {
        for (Range range : ended) {
            Local local = range.local;
            String name = local.variable.name();
            String descriptor = local.variable.type().descriptorString();
            code.visitLocalVariable(name, descriptor, null, local.start, range.end, local.slot);
        }
    }
}
