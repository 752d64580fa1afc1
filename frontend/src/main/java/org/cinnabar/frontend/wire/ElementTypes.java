package org.cinnabar.frontend.wire;

import org.cinnabar.frontend.onnx.TensorProto.DataType;
import org.cinnabar.ir.DType;

/** What ONNX's element types become. */
public final class ElementTypes {
    private ElementTypes() {}

    /**
     * The type that stands for ONNX's type number {@code code}: {@code F32} for floats of any
     * width, the same or the next wider integer.
     */
    public static DType of(int code) {
        return switch (known(code)) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> DType.F32;
            case INT8 -> DType.I8;
            case UINT8 -> DType.U8;
            case INT16, UINT16, INT32 -> DType.I32;
            case UINT32, INT64, UINT64 -> DType.I64;
            case BOOL -> DType.BOOL;
            default -> throw unsupported(code);
        };
    }

    /** Bytes of one element in raw data. */
    static int width(int code) {
        return switch (known(code)) {
            case INT8, UINT8, BOOL -> 1;
            case INT16, UINT16, FLOAT16, BFLOAT16 -> 2;
            case FLOAT, INT32, UINT32 -> 4;
            case DOUBLE, INT64, UINT64 -> 8;
            default -> throw unsupported(code);
        };
    }

    static DataType known(int code) {
        DataType type = DataType.forNumber(code);
        if (type == null) {
            throw unsupported(code);
        }
        return type;
    }

    private static Rejected unsupported(int code) {
        DataType type = DataType.forNumber(code);
        return new Rejected(
                "elements of a float type, int8 to int64, uint8 to uint64 or bool",
                type == null ? "element type number " + code : type.name(),
                "convert the model to one of these");
    }
}
