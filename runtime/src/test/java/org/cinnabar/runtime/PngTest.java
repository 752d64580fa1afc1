package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngTest {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'};

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private void chunk(String name, byte... content) {
        byte[] body = new byte[4 + content.length];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, body, 0, 4);
        System.arraycopy(content, 0, body, 4, content.length);
        CRC32 crc = new CRC32();
        crc.update(body);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(body);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] deflated(byte... pixels) {
        Deflater deflater = new Deflater();
        deflater.setInput(pixels);
        deflater.finish();
        byte[] out = new byte[1000];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    private byte[] png(int width, int height, int depth, int type, int interlace, byte... pixels) {
        file.writeBytes(SIGNATURE);
        byte[] header =
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) depth)
                        .put((byte) type)
                        .put(12, (byte) interlace)
                        .array();
        chunk("IHDR", header);
        chunk("PLTE", (byte) 1, (byte) 2, (byte) 3, (byte) 40, (byte) 50, (byte) 60);
        chunk("IDAT", deflated(pixels));
        chunk("IEND");
        return file.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"1, 0x50, 0.0", "2, 0x1B, 0.0", "4, 0x0F, 0.0", "8, 0x00, 0.0"})
    void readsGreyOfAnyDepth(int depth, String bits, float first) {
        byte[] pixels = {0, Integer.decode(bits).byteValue(), (byte) 255, (byte) 255, (byte) 255};
        int bytes = Math.ceilDiv(2 * depth, 8);
        Planes seen = Png.decode(png(2, 1, depth, 0, 0, Arrays.copyOf(pixels, 1 + bytes)));
        float second = depth == 2 ? 85 : 255;
        assertThat(seen.values()[0]).containsExactly(first, second);
    }

    @Test
    void undoesEveryFilter() {
        byte[] pixels = {
            0, 10, 20, 30, //
            1, 1, 1, 1, //
            2, 1, 1, 1, //
            3, 1, 1, 1, //
            4, 1, 1, 1
        };
        assertThat(Png.decode(png(3, 5, 8, 0, 0, pixels)).values()[0])
                .containsExactly(10, 20, 30, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5);
    }

    @Test
    void looksColoursUp() {
        Planes seen = Png.decode(png(3, 1, 1, 3, 0, (byte) 0, (byte) 0x40));
        assertThat(seen.values()[0]).containsExactly(1, 40, 1);
        assertThat(seen.values()[2]).containsExactly(3, 60, 3);
        file.reset();
        byte[] outside = png(1, 1, 8, 3, 0, (byte) 0, (byte) 7);
        assertThatThrownBy(() -> Png.decode(outside)).hasMessageContaining("palette");
    }

    @Test
    void ignoresTransparency() {
        Planes seen =
                Png.decode(png(1, 1, 8, 6, 0, (byte) 0, (byte) 9, (byte) 8, (byte) 7, (byte) 0));
        assertThat(seen.values()).isDeepEqualTo(new float[][] {{9}, {8}, {7}});
    }

    @Test
    void putsInterlacedPixelsInTheirPlaces() {
        byte[] pixels = {0, 1, 0, 2, 0, 3, 4, 0, 5, 6, 7};
        assertThat(Png.decode(png(3, 2, 8, 0, 1, pixels)).values()[0].length).isEqualTo(6);
        file.reset();
        // Passes 1, 4, 6 and 7 have pixels: (0,0); (2,0); (1,0); the second row.
        byte[] four = {0, 1, 0, 2, 0, 3, 0, 4, 5, 6};
        assertThat(Png.decode(png(3, 2, 8, 0, 1, four)).values()[0])
                .containsExactly(1, 3, 2, 4, 5, 6);
    }

    @Test
    void rejectsDamage() {
        byte[] whole = png(2, 1, 8, 0, 0, (byte) 0, (byte) 1, (byte) 2);
        byte[] flipped = whole.clone();
        flipped[20] ^= 1;
        assertThatThrownBy(() -> Png.decode(flipped)).hasMessage("a checksum is wrong");
        assertThatThrownBy(() -> Png.decode(Arrays.copyOf(whole, 60)))
                .hasMessageContaining("cut off");
        file.reset();
        byte[] lacking = png(2, 2, 8, 0, 0, (byte) 0, (byte) 1, (byte) 2);
        assertThatThrownBy(() -> Png.decode(lacking)).hasMessage("it lacks pixels");
        file.reset();
        byte[] odd = png(2, 1, 3, 2, 0);
        assertThatThrownBy(() -> Png.decode(odd)).hasMessageContaining("unknown type 2");
    }
}
