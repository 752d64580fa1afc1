package org.cinnabar.frontend;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.cinnabar.frontend.op.OpTable;
import org.cinnabar.frontend.wire.ModelFile;
import org.cinnabar.frontend.wire.ParsedModel;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.frontend.wire.TensorReader;

/**
 * Reads ONNX models, opsets {@value #OLDEST_OPSET} to {@value #NEWEST_OPSET}, into the graph IR.
 */
public final class OnnxImporter {
    /** The oldest version of ONNX's operators that is read. */
    public static final int OLDEST_OPSET = 7;

    /**
     * The newest version of ONNX's operators that is known; newer models are tried with a warning.
     */
    public static final int NEWEST_OPSET = 25;

    private OnnxImporter() {}

    /**
     * The model in {@code file}; external weights are looked for in its folder and below.
     *
     * @throws ImportException if the file is no ONNX model or uses what is not supported
     */
    public static Imported read(Path file, ImportOptions options) {
        ParsedModel model;
        try {
            model = ModelFile.read(file);
        } catch (Rejected e) {
            throw new ImportException(List.of(error(file.toString(), e)));
        }
        Path folder = file.toAbsolutePath().getParent();
        return new GraphImport(model, new TensorReader(folder), options, stem(file)).run();
    }

    /**
     * The model in {@code bytes}, which must not change during the call; external weights are
     * rejected.
     *
     * @throws ImportException if the bytes are no ONNX model or use what is not supported
     */
    public static Imported read(byte[] bytes, ImportOptions options) {
        ParsedModel model;
        try {
            model = ModelFile.parse(ByteBuffer.wrap(bytes));
        } catch (Rejected e) {
            throw new ImportException(List.of(error("model", e)));
        }
        return new GraphImport(model, new TensorReader(null), options, "model").run();
    }

    /** The support table, sorted by domain, operator and version. */
    public static List<SupportedOperator> operators() {
        return OpTable.STANDARD.rows().stream()
                .map(row -> new SupportedOperator(row.domain(), row.operator(), row.since()))
                .toList();
    }

    static Diagnostic error(String place, Rejected cause) {
        return Diagnostic.error(place, cause.expected(), cause.seen(), cause.advice());
    }

    private static String stem(Path file) {
        Path name = file.getFileName();
        String text = name == null ? "model" : name.toString();
        return text.endsWith(".onnx") ? text.substring(0, text.length() - 5) : text;
    }
}
