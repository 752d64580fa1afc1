package org.cinnabar.codegen.emit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/**
 * The locals of a function that are read only as bits. They are kept as integers: for the JIT, a
 * vector that changes its type costs as much as an operation.
 */
final class BitLocals {
    private final Set<Value.Local> asBits = new HashSet<>();
    private final Set<Value.Local> asFloats = new HashSet<>();

    private BitLocals() {}

    static Set<Value.Local> of(Stmt body) {
        BitLocals locals = new BitLocals();
        locals.visit(body);
        locals.asBits.removeAll(locals.asFloats);
        return locals.asBits;
    }

    private void visit(Stmt stmt) {
        switch (stmt) {
            case Stmt.Block(List<Stmt> body) -> body.forEach(this::visit);
            case Stmt.For loop -> visit(loop.body());
            case Stmt.Let(_, Value value) -> visit(value, asFloats);
            case Stmt.Set(_, Value value) -> visit(value, asFloats);
            case Stmt.Store(_, Value value) -> visit(value, asFloats);
            case Stmt.Bind _, Stmt.Prefetch _, Stmt.LoadFence _, Stmt.Call _ -> {}
        }
    }

    private void visit(Value value, Set<Value.Local> locals) {
        if (value instanceof Value.Local local) {
            locals.add(local);
        }
        boolean ofBits = value instanceof Value.Binary binary && binary.f().isOfBits();
        value.operands().forEach(operand -> visit(operand, ofBits ? asBits : asFloats));
    }
}
