package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Dim;

/**
 * How output positions of a resized axis draw on input positions: the attributes of ONNX's Resize.
 * {@code coordinates} maps an output position to a real input position; {@code mode} says which
 * neighbours of it count.
 */
record Resampling(
        String mode, String coordinates, String rounding, double cubic, boolean excludeOutside) {
    private static final List<String> MODES = List.of("nearest", "linear", "cubic");
    private static final List<String> COORDINATES =
            List.of(
                    "half_pixel",
                    "half_pixel_symmetric",
                    "pytorch_half_pixel",
                    "align_corners",
                    "asymmetric",
                    "tf_half_pixel_for_nn");
    private static final List<String> ROUNDINGS =
            List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil");

    /** One summand: for every output position the input position that is read and its weight. */
    record Tap(long[] indices, float[] weights) {}

    /** Upsample, and Resize of opset 10, know one coordinate mapping only. */
    static Resampling upsample(OnnxNode n) {
        return new Resampling(mode(n), "asymmetric", "floor", -0.75, false);
    }

    static Resampling resize(OnnxNode n) {
        return new Resampling(
                mode(n),
                choice(n, "coordinate_transformation_mode", "half_pixel", COORDINATES),
                choice(n, "nearest_mode", "round_prefer_floor", ROUNDINGS),
                n.number("cubic_coeff_a", -0.75),
                n.flag("exclude_outside", false));
    }

    private static String mode(OnnxNode n) {
        return choice(n, "mode", "nearest", MODES);
    }

    private static String choice(
            OnnxNode n, String attribute, String fallback, List<String> choices) {
        String value = n.text(attribute, fallback);
        if (!choices.contains(value)) {
            throw n.unsupported(attribute, value, "one of " + choices);
        }
        return value;
    }

    /**
     * Whether a whole {@code factor} makes every element of an axis of any such extent {@code
     * factor} equal ones.
     */
    boolean repeats(Dim extent, int factor) {
        if (!mode.equals("nearest") || coordinates.equals("align_corners") || factor < 1) {
            return false;
        }
        int probe = extent.isKnown() ? (int) Math.min(extent.value(), 16) : 16;
        long[] indices = taps(probe, probe * factor, factor).getFirst().indices();
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] != i / factor) {
                return false;
            }
        }
        return true;
    }

    /** What the {@code to} positions made of {@code from} are sums of. */
    List<Tap> taps(int from, int to, double factor) {
        int count =
                switch (mode) {
                    case "nearest" -> 1;
                    case "linear" -> 2;
                    default -> 4;
                };
        List<Tap> taps = new ArrayList<>();
        for (int tap = 0; tap < count; tap++) {
            taps.add(new Tap(new long[to], new float[to]));
        }
        for (int i = 0; i < to; i++) {
            double position = position(i, from, to, factor);
            long first =
                    count == 1 ? nearest(position) : (long) Math.floor(position) - (count / 2 - 1);
            double[] weights = weights(count, position - Math.floor(position));
            if (excludeOutside && count == 4) {
                normaliseInside(weights, first, from);
            }
            for (int tap = 0; tap < count; tap++) {
                taps.get(tap).indices()[i] = Math.clamp(first + tap, 0, from - 1);
                taps.get(tap).weights()[i] = (float) weights[tap];
            }
        }
        return taps;
    }

    /**
     * The stretched extent {@code factor·from} stays a real number where {@code to} is its floor.
     */
    private double position(int i, int from, int to, double factor) {
        double stretched = factor * from;
        return switch (coordinates) {
            case "half_pixel" -> (i + 0.5) / factor - 0.5;
            case "pytorch_half_pixel" -> to > 1 ? (i + 0.5) / factor - 0.5 : 0;
            case "half_pixel_symmetric" -> {
                double adjustment = to / stretched;
                yield from / 2.0 * (1 - adjustment) + (i + 0.5) / factor - 0.5;
            }
            case "align_corners" -> to > 1 ? (double) i * (from - 1) / (stretched - 1) : 0;
            case "tf_half_pixel_for_nn" -> (i + 0.5) / factor;
            default -> i / factor;
        };
    }

    private long nearest(double position) {
        return (long)
                switch (rounding) {
                    case "round_prefer_floor" -> Math.ceil(position - 0.5);
                    case "round_prefer_ceil" -> Math.floor(position + 0.5);
                    case "floor" -> Math.floor(position);
                    default -> Math.ceil(position);
                };
    }

    /**
     * Weights of the taps around a position {@code t} past the middle one; cubic ones after Keys
     * (1981).
     */
    private double[] weights(int count, double t) {
        double a = cubic;
        return switch (count) {
            case 1 -> new double[] {1};
            case 2 -> new double[] {1 - t, t};
            default ->
                    new double[] {
                        ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a,
                        ((a + 2) * t - (a + 3)) * t * t + 1,
                        ((a + 2) * (1 - t) - (a + 3)) * (1 - t) * (1 - t) + 1,
                        ((a * (2 - t) - 5 * a) * (2 - t) + 8 * a) * (2 - t) - 4 * a
                    };
        };
    }

    private static void normaliseInside(double[] weights, long first, int from) {
        double sum = 0;
        for (int tap = 0; tap < weights.length; tap++) {
            if (first + tap < 0 || first + tap >= from) {
                weights[tap] = 0;
            }
            sum += weights[tap];
        }
        for (int tap = 0; tap < weights.length; tap++) {
            weights[tap] /= sum;
        }
    }

    @Override
    public String toString() {
        return mode + " resize with " + coordinates + " coordinates";
    }
}
