package org.cinnabar.frontend.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import org.cinnabar.frontend.onnx.StringStringEntryProto;
import org.cinnabar.frontend.onnx.TensorProto;
import org.cinnabar.frontend.onnx.TensorProto.DataType;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Turns tensor messages into tensors. The length of the data is compared with the claimed shape
 * before anything is allocated; files with external data have to lie in {@code folder} or below it.
 */
public final class TensorReader {
    private final @Nullable Path folder;

    public TensorReader(@Nullable Path folder) {
        this.folder = folder;
    }

    /** The values of {@code proto}, widened as {@link ElementTypes} says. */
    public Tensor read(TensorProto proto) {
        return read(StoredTensor.of(proto));
    }

    /** The values of {@code tensor}, widened as {@link ElementTypes} says. */
    public Tensor read(StoredTensor tensor) {
        TensorProto proto = tensor.header();
        if (proto.hasSegment()) {
            throw new Rejected(
                    "a tensor in one piece", "a segment", "save the model without segments");
        }
        DType type = ElementTypes.of(proto.getDataType());
        Shape shape = shape(proto.getDimsList());
        if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            return fromBytes(proto, type, shape, external(proto, shape));
        }
        if (tensor.rawData().hasRemaining()) {
            return fromBytes(proto, type, shape, tensor.rawData());
        }
        return fromLists(proto, type, shape);
    }

    private static Shape shape(List<Long> dims) {
        if (dims.stream().anyMatch(dim -> dim < 0)) {
            throw new Rejected("extents of at least 0", "dims " + dims, "export the model again");
        }
        double count = dims.stream().mapToDouble(dim -> dim).reduce(1, (a, b) -> a * b);
        if (count > Integer.MAX_VALUE) {
            throw new Rejected(
                    "at most " + Integer.MAX_VALUE + " elements",
                    "dims " + dims,
                    "split the tensor");
        }
        return new Shape(dims.stream().map(Dim::of).toList());
    }

    private static Tensor fromBytes(TensorProto proto, DType type, Shape shape, ByteBuffer bytes) {
        long expected = (long) shape.count() * ElementTypes.width(proto.getDataType());
        checkLength(proto, shape, expected, bytes.remaining(), "bytes");
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        return switch (ElementTypes.known(proto.getDataType())) {
            case FLOAT -> {
                float[] values = new float[shape.count()];
                data.asFloatBuffer().get(values);
                yield Tensor.f32(shape, values);
            }
            case FLOAT16 -> floats(shape, i -> Float.float16ToFloat(data.getShort(2 * i)));
            case BFLOAT16 -> floats(shape, i -> Float.intBitsToFloat(data.getShort(2 * i) << 16));
            case DOUBLE -> floats(shape, i -> data.getDouble(8 * i));
            case INT8 -> integers(type, shape, data::get);
            case UINT8 -> integers(type, shape, i -> data.get(i) & 0xFF);
            case BOOL -> integers(type, shape, i -> data.get(i) == 0 ? 0 : 1);
            case INT16 -> integers(type, shape, i -> data.getShort(2 * i));
            case UINT16 -> integers(type, shape, i -> data.getShort(2 * i) & 0xFFFF);
            case INT32 -> integers(type, shape, i -> data.getInt(4 * i));
            case UINT32 -> integers(type, shape, i -> data.getInt(4 * i) & 0xFFFF_FFFFL);
            case INT64 -> integers(type, shape, i -> data.getLong(8 * i));
            case UINT64 -> integers(type, shape, i -> signed(data.getLong(8 * i)));
            default -> throw new AssertionError(proto.getDataType());
        };
    }

    private static Tensor fromLists(TensorProto proto, DType type, Shape shape) {
        DataType stored = ElementTypes.known(proto.getDataType());
        int length =
                switch (stored) {
                    case FLOAT -> proto.getFloatDataCount();
                    case DOUBLE -> proto.getDoubleDataCount();
                    case INT64 -> proto.getInt64DataCount();
                    case UINT32, UINT64 -> proto.getUint64DataCount();
                    default -> proto.getInt32DataCount();
                };
        checkLength(proto, shape, shape.count(), length, "values");
        return switch (stored) {
            case FLOAT -> floats(shape, proto::getFloatData);
            case DOUBLE -> floats(shape, proto::getDoubleData);
            case FLOAT16 -> floats(shape, i -> Float.float16ToFloat((short) proto.getInt32Data(i)));
            case BFLOAT16 -> floats(shape, i -> Float.intBitsToFloat(proto.getInt32Data(i) << 16));
            case INT64 -> integers(type, shape, proto::getInt64Data);
            case UINT32, UINT64 -> integers(type, shape, i -> signed(proto.getUint64Data(i)));
            case BOOL -> integers(type, shape, i -> proto.getInt32Data(i) == 0 ? 0 : 1);
            default -> integers(type, shape, proto::getInt32Data);
        };
    }

    private static void checkLength(
            TensorProto proto, Shape shape, long expected, long seen, String unit) {
        if (expected != seen) {
            throw new Rejected(
                    expected
                            + " "
                            + unit
                            + " for "
                            + ElementTypes.known(proto.getDataType())
                            + shape,
                    Long.toString(seen),
                    "the file is damaged; export the model again");
        }
    }

    private ByteBuffer external(TensorProto proto, Shape shape) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : proto.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        Path file = externalFile(entries.getOrDefault("location", ""));
        long length = (long) shape.count() * ElementTypes.width(proto.getDataType());
        long offset = number(entries, "offset", 0);
        checkLength(
                proto, shape, length, number(entries, "length", length), "bytes of external data");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (offset > channel.size() - length) {
                throw new Rejected(
                        length
                                + " bytes from offset "
                                + offset
                                + " of external file "
                                + file.getFileName(),
                        "a file of " + channel.size() + " bytes",
                        "fetch or export the file again");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        } catch (IOException e) {
            throw new Rejected("a readable external file " + file.getFileName(), e.toString(), "");
        }
    }

    private Path externalFile(String location) {
        if (folder == null) {
            throw new Rejected(
                    "weights inside the model",
                    "external file '" + location + "'",
                    "read the model from its file");
        }
        try {
            Path file = folder.resolve(location).normalize();
            if (location.isEmpty() || !Files.isRegularFile(file)) {
                throw new Rejected(
                        "an external file beside the model",
                        "no file '" + location + "'",
                        "fetch it too");
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw new Rejected(
                        "an external file inside the model's folder",
                        "'" + location + "'",
                        "move the file beside the model and save the model with relative locations");
            }
            return file;
        } catch (IOException | InvalidPathException e) {
            throw new Rejected("a path to an external file", "'" + location + "'", "");
        }
    }

    private static long number(Map<String, String> entries, String key, long fallback) {
        String text = entries.get(key);
        if (text == null) {
            return fallback;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new Rejected("a number as " + key + " of external data", "'" + text + "'", "");
        }
        return Long.parseLong(text);
    }

    private static long signed(long unsigned) {
        if (unsigned < 0) {
            throw new Rejected("unsigned integers below 2^63", Long.toUnsignedString(unsigned), "");
        }
        return unsigned;
    }

    private static Tensor floats(Shape shape, IntToDoubleFunction value) {
        float[] values = new float[shape.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.applyAsDouble(i);
        }
        return Tensor.f32(shape, values);
    }

    private static Tensor integers(DType type, Shape shape, IntToLongFunction value) {
        long[] values = new long[shape.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.applyAsLong(i);
        }
        return Tensor.integers(type, shape, values);
    }
}
