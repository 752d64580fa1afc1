package org.cinnabar.train.data;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.cinnabar.train.random.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
    @TempDir Path folder = Path.of("");

    private void idx(String name, int type, int[] extents, byte... values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * extents.length + values.length);
        buffer.putShort((short) 0).put((byte) type).put((byte) extents.length);
        for (int extent : extents) {
            buffer.putInt(extent);
        }
        Files.write(folder.resolve(name), buffer.put(values).array());
    }

    private void digits() throws IOException {
        byte[] pixels = new byte[10 * 6];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (4 * i);
        }
        idx("train-images-idx3-ubyte", 8, new int[] {10, 2, 3}, pixels);
        idx(
                "train-labels-idx1-ubyte",
                8,
                new int[] {10},
                new byte[] {0, 1, 2, 3, 4, 3, 2, 1, 0, 4});
    }

    @Test
    void readsIdx() throws IOException {
        digits();
        Split split = Datasets.open(folder);
        assertThat(split.training().size()).isEqualTo(9);
        assertThat(split.validation().size()).isEqualTo(1);
        assertThat(split.classes()).isEqualTo(5);
        float[] example = new float[8];
        split.training().read(8, example, 1);
        assertThat(example[6]).isEqualTo(212 * (1 / 255f));
        assertThat(split.validation().label(0)).isEqualTo(4);
    }

    private static void npy(OutputStream out, String extents, byte... values) throws IOException {
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + extents + "), }";
        header += " ".repeat(64 - (10 + header.length() + 1) % 64) + "\n";
        ByteBuffer start = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        start.put((byte) 0x93).put(new byte[] {'N', 'U', 'M', 'P', 'Y', 1, 0});
        out.write(start.putShort((short) header.length()).array());
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        out.write(values);
    }

    @Test
    void readsNumpyArrays() throws IOException {
        Path file = folder.resolve("own.npz");
        byte[] pixels = new byte[2 * 5 * 6 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
        }
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String part : new String[] {"train", "test"}) {
                zip.putNextEntry(new ZipEntry("x_" + part + ".npy"));
                npy(zip, "2, 5, 6, 3", pixels);
                zip.putNextEntry(new ZipEntry("y_" + part + ".npy"));
                npy(zip, "2,", (byte) 1, (byte) 0);
            }
        }
        Split split = Datasets.open(file);
        assertThat(split.training().extents()).containsExactly(3, 5, 6);
        assertThat(split.validation().size()).isEqualTo(2);
        assertThat(split.training().label(0)).isEqualTo(1);
        float[] example = new float[90];
        split.training().read(1, example, 0);
        // The second pixel of the second channel of the second image.
        assertThat(example[31]).isEqualTo((90 + 3 + 1) * (1 / 255f));
    }

    @Test
    void rejectsNumpyArraysWithoutLabels() throws IOException {
        try (var out = Files.newOutputStream(folder.resolve("x_train.npy"))) {
            npy(out, "2, 3", new byte[6]);
        }
        assertThatThrownBy(() -> Datasets.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no y_train");
    }

    @Test
    void rejectsATruncatedFile() throws IOException {
        digits();
        idx("train-images-idx3-ubyte", 8, new int[] {10, 2, 3}, new byte[59]);
        assertThatThrownBy(() -> Datasets.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("60 bytes")
                .hasMessageContaining("holds 59");
    }

    @Test
    void rejectsLabelsWithoutImages() throws IOException {
        digits();
        idx("train-labels-idx1-ubyte", 8, new int[] {9}, new byte[9]);
        assertThatThrownBy(() -> Datasets.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("10 images")
                .hasMessageContaining("9 labels");
    }

    @Test
    void rejectsLabelsOutOfRange() throws IOException {
        byte[] record = new byte[3073];
        record[0] = 17;
        Files.write(folder.resolve("data_batch_1.bin"), record);
        assertThatThrownBy(() -> Datasets.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 17")
                .hasMessageContaining("0 to 9");
    }

    @Test
    void rejectsAnEmptyFolder() {
        assertThatThrownBy(() -> Datasets.open(folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected train-images");
    }

    @Test
    void readsFoldersOfImages() throws IOException {
        for (int i = 0; i < 20; i++) {
            Path of = Files.createDirectories(folder.resolve(i % 2 == 0 ? "cats" : "dogs"));
            BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
            image.setRGB(1, 2, i % 2 == 0 ? 0xFF0000 : 0x0000FF);
            ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
        }
        Split split = Datasets.open(folder);
        assertThat(split.training().extents()).containsExactly(3, 3, 4);
        float[] example = new float[36];
        split.training().read(0, example, 0);
        assertThat(example[(split.training().label(0) == 0 ? 0 : 24) + 9]).isEqualTo(1);
    }

    @Test
    void readsLinesOfNumbers() throws IOException {
        Path file = folder.resolve("points.csv");
        Files.writeString(file, "x,y,class\n1,2.5,0\n-1,3,1\n");
        Split split = Datasets.open(file);
        float[] example = new float[2];
        split.training().read(0, example, 0);
        assertThat(example).containsExactly(1, 2.5f);
        Files.writeString(file, "1,2.5,0\n-1,1\n");
        assertThatThrownBy(() -> Datasets.open(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void shufflesTheSameWayFromAnyBatchOn() throws Exception {
        digits();
        Dataset data = Datasets.open(folder).training();
        Batches.Plan plan =
                new Batches.Plan(2, true, false, Normalize.NONE, new Augmentation(1, true, 1));
        RandomStream random = RandomStream.of(3, "data", "epoch");
        try (Batches whole = new Batches(data, plan, random, 0);
                Batches rest = new Batches(data, plan, random, 3)) {
            for (int i = 0; i < 3; i++) {
                whole.next();
            }
            for (Batches.Batch next = whole.next(); next != null; next = whole.next()) {
                Batches.Batch same = requireNonNull(rest.next());
                assertThat(same.examples()).isEqualTo(next.examples());
                assertThat(same.labels()).isEqualTo(next.labels());
            }
            assertThat(rest.next()).isNull();
        }
    }
}
