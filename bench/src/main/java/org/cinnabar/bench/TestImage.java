package org.cinnabar.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cinnabar.runtime.Npy;
import org.cinnabar.runtime.Port;

/**
 * Values for a model's inputs that resemble photographs: neighbours are alike. White noise would
 * die out in the first layers, and what follows would compute with unusual numbers.
 *
 * <p>A model in a folder with a file {@code input.npy} of the right size gets that. Otherwise every
 * plane of height times width is a sum of octaves of noise, each interpolated and weighted by the
 * root of its grid's step, normalised to mean 0 and deviation 1. The same at every call.
 */
final class TestImage {
    private static final String FILE = "input.npy";
    private static final int[] STEPS = {1, 2, 4, 8, 16, 32};

    private TestImage() {}

    /** An array for each of {@code ports}, the inputs of the model in {@code file}. */
    static List<float[]> inputs(Path file, List<Port> ports) {
        Path given = file.resolveSibling(FILE);
        if (ports.size() == 1 && Files.isRegularFile(given)) {
            try {
                float[] values = Npy.read(given).values();
                if (values.length == ports.getFirst().length()) {
                    return List.of(values);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Random random = new Random(ports.size());
        return ports.stream().map(port -> image(port, random)).toList();
    }

    static float[] image(Port port, Random random) {
        List<Integer> shape = port.shape();
        int rank = shape.size();
        int height = rank < 2 ? 1 : shape.get(rank - 2);
        int width = rank < 1 ? 1 : shape.get(rank - 1);
        int area = height * width;
        float[] values = new float[port.length()];
        for (int plane = 0; plane < values.length; plane += area) {
            double[] octaves = new double[area];
            for (int step : STEPS) {
                if (step == 1 || Math.min(height, width) >= 2 * step) {
                    add(octaves, height, width, step, random);
                }
            }
            normalise(octaves, values, plane);
        }
        return values;
    }

    /** Adds noise on a grid of {@code step}, interpolated linearly. */
    private static void add(double[] plane, int height, int width, int step, Random random) {
        int columns = width / step + 2;
        int rows = height / step + 2;
        double[] grid = new double[rows * columns];
        Arrays.setAll(grid, _ -> Math.sqrt(step) * random.nextGaussian());
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int corner = y / step * columns + x / step;
                double right = (double) (x % step) / step;
                double down = (double) (y % step) / step;
                double above = grid[corner] * (1 - right) + grid[corner + 1] * right;
                double below =
                        grid[corner + columns] * (1 - right) + grid[corner + columns + 1] * right;
                plane[y * width + x] += above * (1 - down) + below * down;
            }
        }
    }

    private static void normalise(double[] plane, float[] values, int at) {
        double mean = Arrays.stream(plane).average().orElse(0);
        double variance =
                Arrays.stream(plane).map(v -> (v - mean) * (v - mean)).average().orElse(0);
        double deviation = variance > 0 ? Math.sqrt(variance) : 1;
        for (int i = 0; i < plane.length; i++) {
            values[at + i] = (float) ((plane[i] - mean) / deviation);
        }
    }
}
