package org.cinnabar.frontend.op;

import java.util.function.Function;
import org.cinnabar.ir.Node;

/** The importer of an operator from version {@code since} of its domain on. */
public record OpRow(String domain, String operator, int since, Importer importer) {
    /** ONNX Runtime's domain for operators beyond the standard. */
    static final String MICROSOFT = "com.microsoft";

    /** An operator of ONNX with one result. */
    static OpRow of(String operator, int since, Function<OnnxNode, Node> importer) {
        return new OpRow("", operator, since, Importer.of(importer));
    }

    /** An operator of ONNX with any number of results. */
    static OpRow many(String operator, int since, Importer importer) {
        return new OpRow("", operator, since, importer);
    }

    /** An operator of ONNX Runtime with one result. */
    static OpRow microsoft(String operator, Function<OnnxNode, Node> importer) {
        return new OpRow(MICROSOFT, operator, 1, Importer.of(importer));
    }
}
