package org.cinnabar.train;

/** The learning rate over a run, as a function of how far it has come. */
public sealed interface Schedule {
    /**
     * The multiple of the run's learning rate at {@code progress} in [0, 1]; {@code epoch} counts
     * from 0 and is not whole within one.
     */
    double at(double progress, double epoch);

    /** Always the same. */
    record Constant() implements Schedule {
        @Override
        public double at(double progress, double epoch) {
            return 1;
        }
    }

    /** Multiplied by {@code factor} after every {@code epochs} epochs. */
    record Step(int epochs, double factor) implements Schedule {
        public Step {
            if (epochs < 1 || !(factor > 0)) {
                throw new IllegalArgumentException("step of " + factor + " every " + epochs);
            }
        }

        @Override
        public double at(double progress, double epoch) {
            return StrictMath.pow(factor, Math.floor(epoch / epochs));
        }
    }

    /** From 1 to 0 along half a cosine. */
    record Cosine() implements Schedule {
        @Override
        public double at(double progress, double epoch) {
            return 0.5 * (1 + StrictMath.cos(Math.PI * progress));
        }
    }

    /** Up from nearly nothing over the first {@code rise} of the run, then down along a cosine. */
    record OneCycle(double rise) implements Schedule {
        private static final double START = 0.04;

        public OneCycle {
            if (!(rise > 0 && rise < 1)) {
                throw new IllegalArgumentException("rise over " + rise + ": expected (0, 1)");
            }
        }

        @Override
        public double at(double progress, double epoch) {
            if (progress < rise) {
                return START + (1 - START) * progress / rise;
            }
            return 0.5 * (1 + StrictMath.cos(Math.PI * (progress - rise) / (1 - rise)));
        }
    }

    /** From 1 to {@code end} by equal factors. */
    record Geometric(double end) implements Schedule {
        public Geometric {
            if (!(end > 0)) {
                throw new IllegalArgumentException("geometric to " + end + ": expected above 0");
            }
        }

        @Override
        public double at(double progress, double epoch) {
            return StrictMath.pow(end, progress);
        }
    }

    /**
     * Reads {@code constant}, {@code cosine}, {@code one-cycle[:RISE]}, {@code step:EPOCHS:FACTOR}
     * or {@code geometric:END}.
     *
     * @throws IllegalArgumentException for another text
     */
    static Schedule parse(String text) {
        String[] parts = text.split(":", -1);
        try {
            return switch (parts[0] + parts.length) {
                case "constant1" -> new Constant();
                case "cosine1" -> new Cosine();
                case "one-cycle1" -> new OneCycle(0.3);
                case "one-cycle2" -> new OneCycle(Double.parseDouble(parts[1]));
                case "geometric2" -> new Geometric(Double.parseDouble(parts[1]));
                case "step3" -> new Step(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
                default -> throw new IllegalArgumentException(expected(text));
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected(text), e);
        }
    }

    private static String expected(String text) {
        return "expected constant, cosine, one-cycle[:RISE], step:EPOCHS:FACTOR or geometric:END,"
                + " got '"
                + text
                + "'";
    }
}
