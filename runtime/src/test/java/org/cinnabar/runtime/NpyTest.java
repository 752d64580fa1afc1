package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
    @TempDir Path folder;

    @Test
    void readsWhatItWrites() throws IOException {
        Path file = folder.resolve("a.npy");
        for (List<Integer> shape :
                List.of(
                        List.<Integer>of(),
                        List.of(1),
                        List.of(5),
                        List.of(3, 1, 7),
                        List.of(0, 4),
                        List.of(2, 20011))) {
            int count = shape.stream().reduce(1, (a, b) -> a * b);
            Npy written = new Npy(shape, Affine.ramp(count));
            written.write(file);
            Npy read = Npy.read(file);
            assertThat(read.shape()).isEqualTo(shape);
            assertThat(read.values()).containsExactly(written.values());
        }
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void alignsValuesAsTheFormatAsks() throws IOException {
        Path file = folder.resolve("a.npy");
        new Npy(List.of(3, 5), new float[15]).write(file);
        byte[] bytes = Files.readAllBytes(file);
        assertThat((bytes.length - 60) % 64).isZero();
        assertThat(new String(bytes, 10, bytes.length - 70, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }")
                .endsWith(" \n");
    }

    @Test
    void readsEveryVersionAndElementType() throws IOException {
        ByteBuffer eight = buffer(24).putDouble(1.5).putDouble(-2).putDouble(3e9);
        assertThat(values(1, "<f8", "(3,)", eight)).containsExactly(1.5f, -2f, 3e9f);
        assertThat(values(2, "|i1", "(2,)", buffer(2).put((byte) -1).put((byte) 7)))
                .containsExactly(-1, 7);
        assertThat(values(3, "|u1", "(2, 1)", buffer(2).put((byte) -1).put((byte) 7)))
                .containsExactly(255, 7);
        assertThat(values(1, "<i2", "(1,)", buffer(2).putShort((short) -5))).containsExactly(-5);
        assertThat(values(1, "<u2", "(1,)", buffer(2).putShort((short) -5))).containsExactly(65531);
        assertThat(values(1, "<i4", "()", buffer(4).putInt(-5))).containsExactly(-5);
        assertThat(values(1, "<u4", "(1,)", buffer(4).putInt(-256))).containsExactly(0xFFFFFF00p0f);
        assertThat(values(1, "<i8", "(1,)", buffer(8).putLong(-5))).containsExactly(-5);
        assertThat(values(1, "<u8", "(1,)", buffer(8).putLong(-1))).containsExactly(0x1p64f);
    }

    @Test
    void rejectsWhatItCannotRead() throws IOException {
        assertRejected(file(1, "<f4", "(2,)", buffer(4)), "is cut off", "8 bytes, 4 are there");
        assertRejected(file(1, "<f4", "(1,)", buffer(8)), "is too long");
        assertRejected(file(1, "<f4", "(999999, 999999, 999999, 999999)", buffer(4)), "promises");
        assertRejected(file(1, "<f4", "(2000000000,)", buffer(4)), "is cut off");
        assertRejected(file(1, "<f4", "(99999999999,)", buffer(4)), "promises");
        assertRejected(file(1, ">f4", "(1,)", buffer(4)), "'>f4'", "little-endian");
        assertRejected(file(1, "<c8", "(1,)", buffer(8)), "'<c8'");
        assertRejected(file(4, "<f4", "(1,)", buffer(4)), "version 4");
        assertRejected(file(1, "<f4", "(-1,)", buffer(4)), "no plain shape");
        byte[] fortran =
                new String(file(1, "<f4", "(2, 2)", buffer(16)), StandardCharsets.ISO_8859_1)
                        .replace("False", "True ")
                        .getBytes(StandardCharsets.ISO_8859_1);
        assertRejected(fortran, "Fortran order");
        assertRejected("hello, world".getBytes(StandardCharsets.UTF_8), "is not an .npy file");
        assertRejected(new byte[0], "is cut off");
        byte[] lying = file(2, "<f4", "(1,)", buffer(4));
        lying[11] = 0x7F;
        assertRejected(lying, "its header takes");
    }

    @Test
    void rejectsEveryTruncation() throws IOException {
        byte[] whole = file(1, "<f4", "(3,)", buffer(12));
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            Path file = Files.write(folder.resolve("part.npy"), part);
            assertThatThrownBy(() -> Npy.read(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("part.npy");
        }
    }

    @Test
    void leavesAnOldFileWhenTheFolderIsGone() {
        Path file = folder.resolve("none").resolve("a.npy");
        assertThatThrownBy(() -> new Npy(List.of(1), new float[1]).write(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its folder does not exist");
        assertThatThrownBy(() -> new Npy(List.of(1), new float[1]).write(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a folder");
    }

    private float[] values(int version, String type, String shape, ByteBuffer values)
            throws IOException {
        Path file = Files.write(folder.resolve("x.npy"), file(version, type, shape, values));
        return Npy.read(file).values();
    }

    private void assertRejected(byte[] bytes, String... messages) throws IOException {
        Path file = Files.write(folder.resolve("bad.npy"), bytes);
        assertThatThrownBy(() -> Npy.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.npy")
                .hasMessageContainingAll(messages);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] file(int version, String type, String shape, ByteBuffer values) {
        String header =
                "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n".formatted(type, shape);
        ByteBuffer file = buffer(12 + header.length() + values.capacity());
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            file.putShort((short) header.length());
        } else {
            file.putInt(header.length());
        }
        file.put(header.getBytes(StandardCharsets.US_ASCII)).put(values.clear());
        byte[] bytes = new byte[file.position()];
        file.flip().get(bytes);
        return bytes;
    }
}
