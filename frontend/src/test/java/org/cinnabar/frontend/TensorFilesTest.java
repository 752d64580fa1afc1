package org.cinnabar.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cinnabar.frontend.OnnxModel.tensor;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cinnabar.frontend.onnx.TensorProto;
import org.cinnabar.frontend.onnx.TensorProto.DataType;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFilesTest {
    @TempDir private Path folder;

    @Test
    void readsRawDataLittleEndian() throws IOException {
        Tensor tensor =
                read(
                        tensor("t", DataType.FLOAT, "2")
                                .setRawData(bytes(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0)));
        assertThat(tensor.floats()).containsExactly(1, -2);
    }

    @Test
    void widensHalfPrecision() throws IOException {
        assertThat(
                        read(tensor("t", DataType.FLOAT16, "2").setRawData(bytes(0, 0x3c, 0, 0xc1)))
                                .floats())
                .containsExactly(1, -2.5f);
        assertThat(read(tensor("t", DataType.FLOAT16, "1").addInt32Data(0x3c00)).floats())
                .containsExactly(1);
        assertThat(read(tensor("t", DataType.BFLOAT16, "1").addInt32Data(0x3f80)).floats())
                .containsExactly(1);
    }

    @Test
    void narrowsDoubles() throws IOException {
        assertThat(read(tensor("t", DataType.DOUBLE, "1").addDoubleData(0.1)).floats())
                .containsExactly(0.1f);
    }

    @Test
    void keepsTheSignOfIntegers() throws IOException {
        assertThat(read(tensor("t", DataType.UINT8, "2").setRawData(bytes(0xff, 1))).longs())
                .containsExactly(255, 1);
        assertThat(read(tensor("t", DataType.INT8, "2").setRawData(bytes(0xff, 1))).longs())
                .containsExactly(-1, 1);
        assertThat(read(tensor("t", DataType.INT64, "1").addInt64Data(-7)).longs())
                .containsExactly(-7);
    }

    @Test
    void widensIntegersThatTheGraphHasNoTypeFor() throws IOException {
        Tensor tensor = read(tensor("t", DataType.UINT16, "1").setRawData(bytes(0xff, 0xff)));
        assertThat(tensor.dtype()).isEqualTo(DType.I32);
        assertThat(tensor.longs()).containsExactly(65535);
    }

    @Test
    void rejectsTooFewValues() {
        assertThatThrownBy(() -> read(tensor("t", DataType.FLOAT, "3").addFloatData(1)))
                .hasMessageContaining("expected 3 values for FLOAT[3], got 1");
    }

    private Tensor read(TensorProto.Builder tensor) throws IOException {
        Path file = Files.write(folder.resolve("t.pb"), tensor.build().toByteArray());
        TensorFiles.Named named = TensorFiles.read(file);
        assertThat(named.name()).isEqualTo("t");
        return named.tensor();
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }
}
