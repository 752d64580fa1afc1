package org.cinnabar.runtime;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.cinnabar.runtime.Preprocessing.Layout;
import org.cinnabar.runtime.Preprocessing.Order;

/** Turns image files into the values of a model's input. */
public final class Images {
    private static final int[] PNG = {0x89, 'P', 'N', 'G'};
    private static final int[] JPEG = {0xFF, 0xD8, 0xFF};

    private Images() {}

    /** Whether a file begins with {@code start} as a PNG, JPEG, GIF or BMP does. */
    static boolean recognises(byte[] start) {
        return starts(start, PNG)
                || starts(start, JPEG)
                || starts(start, 'G', 'I', 'F', '8')
                || starts(start, 'B', 'M');
    }

    private static boolean starts(byte[] start, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= start.length || Byte.toUnsignedInt(start[i]) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The image in {@code file} as one item of an input of {@code shape}: {@code [N,C,H,W]}, {@code
     * [N,H,W,C]} or either without {@code N}. It is resized to {@code H} x {@code W} and its
     * colours are brought to {@code C}: one channel is luma (ITU-R BT.601), three are colours.
     * Rejects other numbers of channels and a file that is no image; what is neither PNG nor JPEG
     * needs a Java with {@code java.desktop}, and native executables do not read it.
     */
    public static float[] read(Path file, List<Integer> shape, Preprocessing preprocessing)
            throws IOException {
        return read(file.toFile(), shape, preprocessing);
    }

    static float[] read(File file, List<Integer> shape, Preprocessing preprocessing)
            throws IOException {
        Frame frame = Frame.of(shape, preprocessing.layout());
        preprocessing.requireChannels(frame.channels);
        return values(decode(file), frame, preprocessing);
    }

    private static Planes decode(File file) throws IOException {
        byte[] bytes = InputFile.bytes(file);
        try {
            if (starts(bytes, PNG)) {
                return Png.decode(bytes);
            }
            if (starts(bytes, JPEG)) {
                return Jpeg.decode(bytes);
            }
            if (Executable.NATIVE) {
                throw new IOException(file + " is neither a PNG nor a JPEG image");
            }
            if (ModuleLayer.boot().findModule("java.desktop").isEmpty()) {
                throw new IOException("reading " + file + " needs a Java with module java.desktop");
            }
            return Decoder.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be decoded: " + e.getMessage(), e);
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new IOException(file + " cannot be decoded: it is cut off", e);
        }
    }

    private static float[] values(Planes image, Frame frame, Preprocessing preprocessing) {
        int area = frame.height * frame.width;
        float[] values = new float[frame.channels * area];
        Planes planes = frame.channels == 1 ? image.grey() : image.colours();
        for (int c = 0; c < frame.channels; c++) {
            int colour = preprocessing.order() == Order.BGR ? frame.channels - 1 - c : c;
            float[] plane =
                    Resize.plane(
                            planes.values()[colour],
                            planes.height(),
                            planes.width(),
                            frame.height,
                            frame.width);
            for (int i = 0; i < area; i++) {
                int at = frame.channelsLast ? i * frame.channels + c : c * area + i;
                values[at] = preprocessing.value(plane[i], c);
            }
        }
        return values;
    }

    private record Frame(int channels, int height, int width, boolean channelsLast) {
        static Frame of(List<Integer> shape, Layout layout) {
            int rank = shape.size();
            if (rank != 3 && rank != 4) {
                throw new IllegalArgumentException(
                        "an image does not fit an input of " + Port.text(shape));
            }
            int first = shape.get(rank - 3);
            int last = shape.get(rank - 1);
            boolean channelsLast =
                    switch (layout) {
                        case NCHW -> false;
                        case NHWC -> true;
                        case AUTO -> !isChannels(first) && isChannels(last);
                    };
            int channels = channelsLast ? last : first;
            if (!isChannels(channels)) {
                throw new IllegalArgumentException(
                        "an image has 1 or 3 channels; the input of "
                                + Port.text(shape)
                                + " has "
                                + channels
                                + " as "
                                + (channelsLast ? "NHWC" : "NCHW"));
            }
            return channelsLast
                    ? new Frame(channels, first, shape.get(rank - 2), true)
                    : new Frame(channels, shape.get(rank - 2), last, false);
        }

        private static boolean isChannels(int dimension) {
            return dimension == 1 || dimension == 3;
        }
    }

    /** Everything that links {@code java.desktop}. */
    private static final class Decoder {
        static Planes decode(byte[] bytes) throws IOException {
            ImageIO.setUseCache(false);
            try (ImageInputStream image =
                    ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
                Iterator<ImageReader> readers = ImageIO.getImageReaders(image);
                if (!readers.hasNext()) {
                    throw new IllegalArgumentException("it is not an image that Java reads");
                }
                ImageReader reader = readers.next();
                try {
                    reader.setInput(image, true, true);
                    Planes.requireSize(reader.getWidth(0), reader.getHeight(0));
                    return planes(reader.read(0));
                } catch (IIOException | RuntimeException e) {
                    throw new IllegalArgumentException(e.getMessage(), e);
                } finally {
                    reader.dispose();
                }
            }
        }

        private static Planes planes(BufferedImage image) {
            boolean grey = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
            return grey ? grey(image) : colours(image);
        }

        /** Samples as stored: BufferedImage takes grey for linear light and would brighten it. */
        private static Planes grey(BufferedImage image) {
            int height = image.getHeight();
            int width = image.getWidth();
            Raster raster = image.getRaster();
            float most = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
            float[] values = new float[height * width];
            raster.getSamples(0, 0, width, height, 0, values);
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] * 255 / most;
            }
            return new Planes(height, width, new float[][] {values});
        }

        private static Planes colours(BufferedImage image) {
            int height = image.getHeight();
            int width = image.getWidth();
            float[][] values = new float[3][height * width];
            int[] row = new int[width];
            for (int y = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++) {
                    values[0][y * width + x] = row[x] >> 16 & 0xFF;
                    values[1][y * width + x] = row[x] >> 8 & 0xFF;
                    values[2][y * width + x] = row[x] & 0xFF;
                }
            }
            return new Planes(height, width, values);
        }
    }
}
