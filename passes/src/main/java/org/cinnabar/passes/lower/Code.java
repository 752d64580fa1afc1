package org.cinnabar.passes.lower;

import java.util.List;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;

/** Short forms of loop-IR statements. */
final class Code {
    private Code() {}

    static Stmt loop(String name, Index from, Index to, int step, Stmt body) {
        return new Stmt.For(name, from, to, step, body);
    }

    static Stmt loop(String name, Index to, Stmt body) {
        return loop(name, Index.of(0), to, 1, body);
    }

    static Stmt block(List<Stmt> body) {
        return body.size() == 1 ? body.getFirst() : new Stmt.Block(body);
    }

    static Stmt block(Stmt... body) {
        return block(List.of(body));
    }

    /** {@code a - b}. */
    static Index minus(Index a, Index b) {
        return a.plus(b.times(-1));
    }
}
