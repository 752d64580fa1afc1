package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside the decoder of {@code java.desktop}. */
class JpegTest {
    private static BufferedImage picture(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = (int) (127 + 120 * Math.sin(x / 7.0 + y / 11.0));
                int green = (int) (127 + 120 * Math.cos(x / 5.0 - y / 17.0));
                int blue = 255 * (x / 9 + y / 13) / (width / 9 + height / 13 + 1);
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return image;
    }

    private static byte[] jpeg(BufferedImage image, boolean progressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam how = writer.getDefaultWriteParam();
        how.setProgressiveMode(
                progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** With the colours at half the resolution, as cameras write them. */
    @ParameterizedTest
    @CsvSource({"1, 1, false", "8, 8, false", "67, 45, false", "67, 45, true", "128, 33, true"})
    void decodesColoursAsJavaDoes(int width, int height, boolean progressive) throws IOException {
        byte[] file = jpeg(picture(width, height, BufferedImage.TYPE_INT_RGB), progressive);
        BufferedImage expected = ImageIO.read(new ByteArrayInputStream(file));
        Planes seen = Jpeg.decode(file);
        assertThat(seen.width()).isEqualTo(width);
        assertThat(seen.height()).isEqualTo(height);
        int worst = 0;
        for (int i = 0; i < width * height; i++) {
            int rgb = expected.getRGB(i % width, i / width);
            for (int c = 0; c < 3; c++) {
                int difference = (int) seen.values()[c][i] - (rgb >> 16 - 8 * c & 0xFF);
                worst = Math.max(worst, Math.abs(difference));
            }
        }
        assertThat(worst).isLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void decodesGreyAsJavaDoes(boolean progressive) throws IOException {
        byte[] file = jpeg(picture(37, 29, BufferedImage.TYPE_BYTE_GRAY), progressive);
        var expected = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
        Planes seen = Jpeg.decode(file);
        assertThat(seen.values()).hasNumberOfRows(1);
        for (int i = 0; i < 37 * 29; i++) {
            assertThat(Math.abs(seen.values()[0][i] - expected.getSample(i % 37, i / 37, 0)))
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void rejectsDamage() throws IOException {
        byte[] file = jpeg(picture(37, 29, BufferedImage.TYPE_INT_RGB), false);
        for (int length : new int[] {4, 30, 200}) {
            assertThatThrownBy(() -> Jpeg.decode(Arrays.copyOf(file, length)))
                    .isInstanceOfAny(
                            IllegalArgumentException.class, IndexOutOfBoundsException.class);
        }
    }
}
