package org.cinnabar.frontend.wire;

import java.nio.ByteBuffer;
import org.cinnabar.frontend.onnx.TensorProto;

/**
 * A tensor message and its raw data, which stay in the file; without raw data the message has the
 * values.
 */
public record StoredTensor(TensorProto header, ByteBuffer rawData) {
    /** A message that carries everything. */
    public static StoredTensor of(TensorProto tensor) {
        return new StoredTensor(tensor, tensor.getRawData().asReadOnlyByteBuffer());
    }

    public String name() {
        return header.getName();
    }
}
