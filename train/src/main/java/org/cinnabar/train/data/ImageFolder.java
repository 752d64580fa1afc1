package org.cinnabar.train.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cinnabar.train.random.RandomStream;

/** A folder for each class, PNG and JPEG images of one size in it. Classes are in order of name. */
final class ImageFolder {
    private static final int CHANNELS = 3;

    private ImageFolder() {}

    private record Labelled(Path file, int label) {}

    /** Whether {@code folder} holds folders of images. */
    static boolean isOne(Path folder) {
        return classes(folder).stream().anyMatch(of -> !images(of).isEmpty());
    }

    /** All images below {@code folder}, mixed so that any part has images of all classes. */
    static Dataset read(Path folder) {
        List<Path> classes = classes(folder).stream().filter(of -> !images(of).isEmpty()).toList();
        List<Labelled> files = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            for (Path image : images(classes.get(label))) {
                files.add(new Labelled(image, label));
            }
        }
        BufferedImage first = image(files.getFirst().file());
        int width = first.getWidth();
        int height = first.getHeight();
        int plane = width * height;
        byte[] pixels = new byte[Math.multiplyExact(files.size(), CHANNELS * plane)];
        int[] labels = new int[files.size()];
        int[] order = RandomStream.of(0, "data", "folder").permutation(files.size());
        for (int i = 0; i < order.length; i++) {
            Labelled next = files.get(order[i]);
            BufferedImage image = image(next.file());
            if (image.getWidth() != width || image.getHeight() != height) {
                throw new DataException(
                        "%s is %dx%d, %s is %dx%d: expected images of one size"
                                .formatted(
                                        next.file(),
                                        image.getWidth(),
                                        image.getHeight(),
                                        files.getFirst().file(),
                                        width,
                                        height));
            }
            int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
            for (int at = 0; at < plane; at++) {
                for (int c = 0; c < CHANNELS; c++) {
                    pixels[(i * CHANNELS + c) * plane + at] =
                            (byte) (colours[at] >> 8 * (CHANNELS - 1 - c));
                }
            }
            labels[i] = next.label();
        }
        return new Pixels(List.of(CHANNELS, height, width), pixels, labels, classes.size());
    }

    private static BufferedImage image(Path file) {
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            if (image == null) {
                throw new DataException(file + " is no image that can be read");
            }
            return image;
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Path> classes(Path folder) {
        return sorted(folder).stream().filter(Files::isDirectory).toList();
    }

    private static List<Path> images(Path folder) {
        return sorted(folder).stream()
                .filter(
                        file -> {
                            String name = file.toString().toLowerCase(Locale.ROOT);
                            return name.endsWith(".png")
                                    || name.endsWith(".jpg")
                                    || name.endsWith(".jpeg");
                        })
                .toList();
    }

    private static List<Path> sorted(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new DataException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
