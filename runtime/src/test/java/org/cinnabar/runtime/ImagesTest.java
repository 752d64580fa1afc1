package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.cinnabar.runtime.Preprocessing.Layout;
import org.cinnabar.runtime.Preprocessing.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
    private static final Preprocessing RAW = Preprocessing.DEFAULT.withScale(1);

    @TempDir Path folder;

    /** Two columns of red and blue over two columns of green and white: 2 x 2 pixels. */
    private Path colours() throws IOException {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xFF0000);
        image.setRGB(1, 0, 0x0000FF);
        image.setRGB(0, 1, 0x00FF00);
        image.setRGB(1, 1, 0xFFFFFF);
        return write(image);
    }

    private Path write(BufferedImage image) throws IOException {
        Path file = folder.resolve("image.png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    @Test
    void readsPlanesOrPixels() throws IOException {
        float[] planes = {255, 0, 0, 255, 0, 0, 255, 255, 0, 255, 0, 255};
        float[] pixels = {255, 0, 0, 0, 0, 255, 0, 255, 0, 255, 255, 255};
        Path file = colours();
        assertThat(Images.read(file, List.of(1, 3, 2, 2), RAW)).containsExactly(planes);
        assertThat(Images.read(file, List.of(3, 2, 2), RAW)).containsExactly(planes);
        assertThat(Images.read(file, List.of(1, 2, 2, 3), RAW)).containsExactly(pixels);
        assertThat(Images.read(file, List.of(1, 2, 2, 3), RAW.withLayout(Layout.NHWC)))
                .containsExactly(pixels);
    }

    @Test
    void ordersChannelsBlueFirst() throws IOException {
        assertThat(Images.read(colours(), List.of(1, 2, 2, 3), RAW.withOrder(Order.BGR)))
                .containsExactly(0, 0, 255, 255, 0, 0, 0, 255, 0, 255, 255, 255);
    }

    @Test
    void normalisesEachChannel() throws IOException {
        Preprocessing preprocessing =
                Preprocessing.DEFAULT
                        .withMean(List.of(0.5f, 0.25f, 0f))
                        .withStd(List.of(0.5f, 0.25f, 2f));
        assertThat(Images.read(colours(), List.of(1, 2, 2, 3), preprocessing))
                .containsExactly(1, -1, 0, -1, -1, 0.5f, -1, 3, 0, 1, 3, 0.5f);
    }

    @Test
    void mixesColoursToLuma() throws IOException {
        float[] grey = Images.read(colours(), List.of(1, 1, 2, 2), RAW);
        assertThat(grey)
                .containsExactly(new float[] {76.245f, 29.07f, 149.685f, 255}, within(1e-3f));
    }

    @Test
    void keepsGreySamplesAsStored() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            BufferedImage image = new BufferedImage(3, 1, type);
            int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
            for (int x = 0; x < 3; x++) {
                image.getRaster().setSample(x, 0, 0, most / 5 * x);
            }
            Path file = write(image);
            assertThat(Images.read(file, List.of(1, 1, 1, 3), RAW)).containsExactly(0, 51, 102);
            assertThat(Images.read(file, List.of(3, 1, 3), RAW))
                    .containsExactly(0, 51, 102, 0, 51, 102, 0, 51, 102);
        }
    }

    @Test
    void interpolatesBetweenPixelCentres() {
        float[] in = {0, 100};
        assertThat(Resize.plane(in, 1, 2, 1, 4)).containsExactly(0, 25, 75, 100);
        assertThat(Resize.plane(in, 2, 1, 4, 1)).containsExactly(0, 25, 75, 100);
        assertThat(Resize.plane(in, 1, 2, 1, 1)).containsExactly(50);
    }

    @Test
    void keepsConstantImagesAtAnySize() {
        float[] in = new float[13 * 17];
        Arrays.fill(in, 42);
        for (int[] size : new int[][] {{1, 1}, {5, 31}, {13, 17}, {40, 3}}) {
            float[] out = Resize.plane(in, 13, 17, size[0], size[1]);
            assertThat(out).hasSize(size[0] * size[1]).containsOnly(42);
        }
    }

    @Test
    void countsEveryPixelWhenShrinking() {
        float[] in = new float[16];
        in[5] = 16;
        float[] out = Resize.plane(in, 1, 16, 1, 2);
        assertThat(out[0] + out[1]).isCloseTo(2, within(0.3f));
    }

    @Test
    void rejectsOtherShapesAndFiles() throws IOException {
        Path file = colours();
        assertThatThrownBy(() -> Images.read(file, List.of(1, 4, 2, 2), RAW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an image has 1 or 3 channels; the input of 1x4x2x2 has 4 as NCHW");
        assertThatThrownBy(() -> Images.read(file, List.of(1, 10), RAW))
                .isInstanceOf(IllegalArgumentException.class);
        Preprocessing two = RAW.withMean(List.of(1f, 2f));
        assertThatThrownBy(() -> Images.read(file, List.of(3, 2, 2), two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mean has 2 values, the input 3 channels");
        Path cut = folder.resolve("cut.png");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(file), 40));
        assertThat(Images.recognises(Files.readAllBytes(cut))).isTrue();
        assertThatThrownBy(() -> Images.read(cut, List.of(3, 2, 2), RAW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cut.png");
        Path text = Files.writeString(folder.resolve("text.png"), "hello");
        assertThat(Images.recognises(Files.readAllBytes(text))).isFalse();
        assertThatThrownBy(() -> Images.read(text, List.of(3, 2, 2), RAW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not an image");
    }
}
