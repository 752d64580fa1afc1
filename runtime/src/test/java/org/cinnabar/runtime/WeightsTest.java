package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static byte[] bytes(float[] weights) {
        ByteBuffer bytes = ByteBuffer.allocate(weights.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(weights);
        return bytes.array();
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Test
    void readsWhatLiesAcrossChunks() throws IOException {
        for (int length : new int[] {0, 1, 7, 1 << 18, (1 << 18) + 13}) {
            float[] weights = Affine.ramp(length);
            byte[] bytes = bytes(weights);
            float[] read =
                    Weights.read(new ByteArrayInputStream(bytes), "w", length, checksum(bytes));
            assertThat(Arrays.equals(read, weights)).as("%d weights", length).isTrue();
        }
    }

    @Test
    void rejectsDamage() {
        byte[] bytes = bytes(Affine.ramp(7));
        int checksum = checksum(bytes);
        assertDamaged(Arrays.copyOf(bytes, 27), checksum, "is shorter than its 7 weights");
        assertDamaged(Arrays.copyOf(bytes, 32), checksum, "is longer than its 7 weights");
        bytes[3] ^= 1;
        assertDamaged(bytes, checksum, "has a wrong checksum");
        assertThatThrownBy(() -> new Weights(WeightsTest.class, "none.bin", 7, 0).values())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none.bin is missing");
    }

    private static void assertDamaged(byte[] bytes, int checksum, String how) {
        assertThatThrownBy(() -> Weights.read(new ByteArrayInputStream(bytes), "w", 7, checksum))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the jar is damaged")
                .hasMessageContaining(how);
    }
}
