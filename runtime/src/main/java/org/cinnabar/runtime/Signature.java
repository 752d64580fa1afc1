package org.cinnabar.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a compiled model takes and gives, and the memory one run needs.
 *
 * @param name the model's name, used in messages
 * @param inputs the inputs in the model's order, at least one
 * @param outputs the outputs in the model's order, at least one
 * @param arenaLength floats of working memory of one run, what each thread needs aside
 * @param batchable whether a run may take any number of compiled shapes stacked along dimension 0
 */
public record Signature(
        String name, List<Port> inputs, List<Port> outputs, int arenaLength, boolean batchable) {
    /** Rejects a side without ports, two ports of one name on a side, and ports off the arena. */
    public Signature {
        inputs = checked(name, "input", inputs, arenaLength);
        outputs = checked(name, "output", outputs, arenaLength);
    }

    private static List<Port> checked(String model, String side, List<Port> ports, int arena) {
        if (ports.isEmpty()) {
            throw new IllegalArgumentException(model + " has no " + side);
        }
        Set<String> names = new HashSet<>();
        for (Port port : ports) {
            if (!names.add(port.name())) {
                throw new IllegalArgumentException(
                        model + " has two " + side + "s named '" + port.name() + "'");
            }
            if ((long) port.offset() + port.length() > arena) {
                throw new IllegalArgumentException(
                        model
                                + ": "
                                + side
                                + " '"
                                + port.name()
                                + "' ends at "
                                + ((long) port.offset() + port.length())
                                + ", the arena at "
                                + arena);
            }
        }
        return List.copyOf(ports);
    }

    /** The signature with its ports in arrays; the form generated code uses. */
    public static Signature of(
            String name, Port[] inputs, Port[] outputs, int arenaLength, boolean batchable) {
        return new Signature(name, List.of(inputs), List.of(outputs), arenaLength, batchable);
    }

    /** Index of the input {@code name}, or -1. */
    public int input(String name) {
        return index(inputs, name);
    }

    /** Index of the output {@code name}, or -1. */
    public int output(String name) {
        return index(outputs, name);
    }

    private static int index(List<Port> ports, String name) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The names of {@code ports} as a message lists them: {@code 'a', 'b'}. */
    static String names(List<Port> ports) {
        StringBuilder names = new StringBuilder();
        for (Port port : ports) {
            names.append(names.isEmpty() ? "'" : ", '").append(port.name()).append('\'');
        }
        return names.toString();
    }
}
