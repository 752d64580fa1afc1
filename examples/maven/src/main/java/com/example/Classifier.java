package com.example;

/** Names the garment on a grey image of 28 x 28 pixels. */
public final class Classifier {
    private static final String[] GARMENTS = {
        "t-shirt",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot"
    };

    private final Fashion model = Fashion.load();

    /** The likeliest garment; pixels are from 0 to 255, row by row. */
    public String classify(int[] pixels) {
        float[] image = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            image[i] = (pixels[i] / 255f - 0.2860f) / 0.3530f;
        }
        float[] logits = model.run(image);
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return GARMENTS[best];
    }
}
