package org.cinnabar.passes.lower;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.cinnabar.ir.Node;

/**
 * Measured times.
 *
 * @param seconds by {@link #key}
 */
public record Timings(Map<String, Double> seconds) {
    /** Nothing measured. */
    public static final Timings NONE = new Timings(Map.of());

    public Timings {
        seconds = Map.copyOf(seconds);
    }

    /** The op, its shapes and the lowering: what the time depends on. */
    public static String key(Node root, Lowering lowering) {
        StringBuilder key = new StringBuilder(lowering.name() + " " + root.op());
        root.in().forEach(in -> key.append(' ').append(in.shape()));
        return key.toString();
    }

    /** The time of {@code root} by {@code lowering}, if it was measured. */
    OptionalDouble of(Node root, Lowering lowering) {
        Double time = seconds.get(key(root, lowering));
        return time == null ? OptionalDouble.empty() : OptionalDouble.of(time);
    }

    /** These and {@code others}, which count where both know. */
    public Timings with(Timings others) {
        Map<String, Double> all = new TreeMap<>(seconds);
        all.putAll(others.seconds);
        return new Timings(all);
    }
}
