package org.cinnabar.runtime;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A compiled model, ready to run: its program and its weights.
 *
 * <p>A generated subclass adds {@code run} methods with the model's own inputs and outputs as
 * parameters. Models are immutable, may be used by any number of threads at once, and hold nothing
 * that must be closed.
 */
public abstract class Model {
    private final Signature signature;
    private final int lanes;
    private final Program program;
    private final float[] weights;
    private final @Nullable WarmUp warmUp;
    private final SessionPool pool = new SessionPool();

    /**
     * The model of {@code program} with {@code weights}.
     *
     * @param lanes floats per vector of {@code program}; 0 if it uses no vectors
     */
    protected Model(Signature signature, int lanes, Program program, float[] weights) {
        this.signature = signature;
        this.lanes = lanes;
        this.program = program;
        this.warmUp = null;
        this.weights = weights;
    }

    /**
     * The model of {@code program} with the weights that {@code weights} reads. In a JVM that the
     * jar started itself, kernels warm up meanwhile.
     *
     * @param lanes floats per vector of {@code program}; 0 if it uses no vectors
     */
    protected Model(Signature signature, int lanes, Program program, Weights weights) {
        this.signature = signature;
        this.lanes = lanes;
        this.program = program;
        this.warmUp = Relaunch.relaunched() ? WarmUp.begin(program) : null;
        this.weights = weights.values();
    }

    /** What this model takes and gives. */
    public final Signature signature() {
        return signature;
    }

    /** Floats per vector of the program in use; 0 if it uses no vectors. */
    public final int lanes() {
        return lanes;
    }

    /**
     * Runs every kernel on a few numbers, in two threads, so that the first inference is quick. It
     * is for a JVM that was told to compile kernels after a few calls, with the options that {@code
     * java -jar model.jar --java-options} prints: the JIT compiles badly, and for good, what it
     * compiles before all of its code has run. Without those options it is of little use.
     */
    public final void warmUp() {
        WarmUp begun = warmUp;
        (begun == null ? WarmUp.begin(program) : begun).finish();
    }

    /** A session that runs in the calling thread. */
    public final Session session() {
        return session(1);
    }

    /**
     * A session that runs in the calling thread and {@code threads - 1} threads of its own, which
     * end some seconds after the last run. Results do not depend on the number. Rejects a number
     * below one.
     */
    public final Session session(int threads) {
        return with(null, threads);
    }

    /**
     * A session that runs in the calling thread and is helped by up to {@code threads - 1} threads
     * of {@code executor} while a run lasts. It never waits for the executor: work that nobody has
     * begun is done by the caller. Rejects a number below one.
     */
    public final Session session(Executor executor, int threads) {
        return with(executor, threads);
    }

    private Session with(@Nullable Executor executor, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    signature.name() + ": a session takes at least 1 thread; got " + threads);
        }
        Team team = threads == 1 ? null : new Team(threads, executor);
        return new Session(signature, program, weights, team);
    }

    /**
     * A pooled session of one thread for the caller alone. After its run it is given back with
     * {@link #give}; after a failure it need not be.
     */
    protected final Session take() {
        return pool.take(this);
    }

    /** Unbinds {@code session} and returns it to the pool; the caller must not use it again. */
    protected final void give(Session session) {
        session.clear();
        pool.give(session);
    }

    /** Name, ports and vector width, on one line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(signature.name()).append('(');
        describe(signature.inputs(), text);
        text.append(") -> (");
        describe(signature.outputs(), text);
        return text.append("), ").append(lanes == 0 ? "scalar" : lanes + " lanes").toString();
    }

    private static void describe(Iterable<Port> ports, StringBuilder text) {
        String separator = "";
        for (Port port : ports) {
            text.append(separator).append(port.name()).append(' ').append(Port.text(port.shape()));
            separator = ", ";
        }
    }
}
