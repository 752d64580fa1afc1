package org.cinnabar.frontend;

import java.nio.file.Path;
import java.util.List;
import org.cinnabar.frontend.wire.ModelFile;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.frontend.wire.StoredTensor;
import org.cinnabar.frontend.wire.TensorReader;
import org.cinnabar.ir.Tensor;

/**
 * Reads single tensors, as ONNX's test data has them: one serialized {@code TensorProto} in a
 * {@code .pb} file.
 */
public final class TensorFiles {
    private TensorFiles() {}

    /** A tensor and the name it carries, possibly empty. */
    public record Named(String name, Tensor tensor) {}

    /**
     * The tensor in {@code file}; every floating type is read as {@code F32}.
     *
     * @throws ImportException if the file holds no tensor, or one of an element type that is not
     *     supported
     */
    public static Named read(Path file) {
        try {
            StoredTensor stored = ModelFile.readTensor(file);
            Path folder = file.toAbsolutePath().getParent();
            return new Named(stored.name(), new TensorReader(folder).read(stored));
        } catch (Rejected e) {
            throw new ImportException(List.of(OnnxImporter.error(file.toString(), e)));
        }
    }
}
