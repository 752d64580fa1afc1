package org.cinnabar.train.data;

import java.util.List;

/** {@code (x - mean)/deviation} for every channel; one number stands for all channels. */
public record Normalize(List<Double> mean, List<Double> deviation) {
    /** Leaves examples as they are. */
    public static final Normalize NONE = new Normalize(List.of(0.0), List.of(1.0));

    public Normalize {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != deviation.size() || deviation.stream().anyMatch(d -> !(d > 0))) {
            throw new IllegalArgumentException("means " + mean + ", deviations " + deviation);
        }
    }

    /** The means and deviations of the channels of {@code data}, from some of its examples. */
    public static Normalize of(Dataset data) {
        int channels = data.extents().size() == 1 ? 1 : data.extents().getFirst();
        int length = data.length();
        int plane = length / channels;
        double[] sum = new double[channels];
        double[] square = new double[channels];
        float[] example = new float[length];
        int step = Math.max(1, data.size() / 2000);
        int count = 0;
        for (int i = 0; i < data.size(); i += step, count++) {
            data.read(i, example, 0);
            for (int at = 0; at < length; at++) {
                sum[at / plane] += example[at];
                square[at / plane] += example[at] * example[at];
            }
        }
        Double[] mean = new Double[channels];
        Double[] deviation = new Double[channels];
        for (int c = 0; c < channels; c++) {
            double m = sum[c] / ((double) count * plane);
            double variance = square[c] / ((double) count * plane) - m * m;
            mean[c] = m;
            deviation[c] = variance > 1e-12 ? Math.sqrt(variance) : 1;
        }
        return new Normalize(List.of(mean), List.of(deviation));
    }

    void apply(float[] values, int offset, int channels, int plane) {
        for (int c = 0; c < channels; c++) {
            int of = mean.size() == 1 ? 0 : c;
            float shift = mean.get(of).floatValue();
            float scale = (float) (1 / deviation.get(of));
            int from = offset + c * plane;
            for (int i = from; i < from + plane; i++) {
                values[i] = (values[i] - shift) * scale;
            }
        }
    }
}
