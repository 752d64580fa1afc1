package org.cinnabar.runtime;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One place to run a model in: its working memory and the caller's memory bound to its inputs and
 * outputs.
 *
 * <pre>{@code
 * Session session = model.session();
 * session.input("image").bind(pixels);
 * session.output("scores").bind(scores);
 * session.run();                             // again and again: fill pixels, run, read scores
 * }</pre>
 *
 * <p>For one thread at a time; any number of sessions of a model may run at once. There is nothing
 * to close: threads of a session that is no longer used end by themselves.
 */
public final class Session {
    private final Signature signature;
    private final Program program;
    private final float[] weights;
    private final float[] arena;
    private final Slot[] inputs;
    private final Slot[] outputs;
    private final @Nullable Team team;
    private final AtomicBoolean running = new AtomicBoolean();

    Session(Signature signature, Program program, float[] weights, @Nullable Team team) {
        this.signature = signature;
        this.program = program;
        this.weights = weights;
        this.arena = program.arena(signature.arenaLength(), team == null ? 1 : team.size());
        this.inputs = slots(signature, signature.inputs(), true);
        this.outputs = slots(signature, signature.outputs(), false);
        this.team = team;
    }

    private static Slot[] slots(Signature signature, List<Port> ports, boolean input) {
        Slot[] slots = new Slot[ports.size()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(signature, ports.get(i), input);
        }
        return slots;
    }

    /** The memory of input {@code index}. */
    public Slot input(int index) {
        return inputs[index];
    }

    /** The memory of the input {@code name}; rejects a name the model does not have. */
    public Slot input(String name) {
        return named(inputs, name, "input", signature.inputs());
    }

    /** The memory of output {@code index}. */
    public Slot output(int index) {
        return outputs[index];
    }

    /** The memory of the output {@code name}; rejects a name the model does not have. */
    public Slot output(String name) {
        return named(outputs, name, "output", signature.outputs());
    }

    private Slot named(Slot[] slots, String name, String side, List<Port> ports) {
        for (Slot slot : slots) {
            if (slot.port().name().equals(name)) {
                return slot;
            }
        }
        throw new IllegalArgumentException(
                signature.name()
                        + " has no "
                        + side
                        + " '"
                        + name
                        + "'; it has "
                        + Signature.names(ports));
    }

    /**
     * Runs the model on the bound inputs and fills the bound outputs.
     *
     * <p>Rejects an input that is not bound and ports bound to different batch sizes. What the
     * outputs hold after a failure is undefined.
     */
    public void run() {
        if (!running.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    signature.name() + ": a session runs once at a time; use one per thread");
        }
        try {
            int units = units();
            for (int unit = 0; unit < units; unit++) {
                for (Slot input : inputs) {
                    input.read(unit, arena);
                }
                execute();
                for (Slot output : outputs) {
                    output.write(unit, arena);
                }
            }
        } finally {
            running.set(false);
        }
    }

    /** Forgets the caller's memory. */
    void clear() {
        for (Slot input : inputs) {
            input.clear();
        }
        for (Slot output : outputs) {
            output.clear();
        }
    }

    private void execute() {
        if (team != null) {
            team.run(program, arena, weights);
            return;
        }
        program.run(arena, weights);
    }

    private int units() {
        int units = inputs[0].units();
        for (Slot input : inputs) {
            if (input.units() == 0) {
                throw new IllegalStateException(input.described() + " is not bound");
            }
            requireSame(units, input);
        }
        for (Slot output : outputs) {
            if (output.units() != 0) {
                requireSame(units, output);
            }
        }
        return units;
    }

    private void requireSame(int units, Slot slot) {
        if (slot.units() != units) {
            throw new IllegalArgumentException(
                    slot.described()
                            + " has room for "
                            + Port.text(slot.port().stacked(slot.units()))
                            + ", input '"
                            + inputs[0].port().name()
                            + "' holds "
                            + Port.text(inputs[0].port().stacked(units)));
        }
    }
}
