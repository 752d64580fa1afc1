package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.frontend.ImportException;
import org.cinnabar.frontend.TensorFiles;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.runtime.Npy;

/**
 * The numbers in a tensor file, {@code .pb} or {@code .npy}, and the name it gives them, if any.
 */
record Values(String name, Shape shape, float[] floats) {
    static Values read(Path file) throws IOException {
        if (file.toString().endsWith(".npy")) {
            Npy array = Npy.read(file);
            long[] extents = array.shape().stream().mapToLong(Integer::longValue).toArray();
            return new Values("", Shape.of(extents), array.values());
        }
        try {
            TensorFiles.Named named = TensorFiles.read(file);
            Tensor tensor = named.tensor();
            return new Values(named.name(), tensor.shape(), tensor.toFloats());
        } catch (ImportException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    void write(Path file) throws IOException {
        List<Integer> extents = IntStream.of(shape.extents()).boxed().toList();
        new Npy(extents, floats).write(file);
    }
}
