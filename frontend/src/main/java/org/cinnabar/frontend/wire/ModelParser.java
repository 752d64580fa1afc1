package org.cinnabar.frontend.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cinnabar.frontend.onnx.GraphProto;
import org.cinnabar.frontend.onnx.ModelProto;
import org.cinnabar.frontend.onnx.TensorProto;

/**
 * Parses a model in place: the raw data of its initializers, nearly all of a file, stays where it
 * is. Protobuf's own parser would copy it. Every other field goes through protobuf.
 */
final class ModelParser {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private ModelParser() {}

    /** One field of a message: all its bytes with the tag, and its content alone. */
    private record Field(int number, int wireType, ByteBuffer whole, ByteBuffer content) {
        boolean isMessage(int expected) {
            return number == expected && wireType == LENGTH;
        }

        void mergeInto(MessageLite.Builder message) throws InvalidProtocolBufferException {
            message.mergeFrom(ByteString.copyFrom(whole));
        }
    }

    static ParsedModel model(ByteBuffer bytes) throws InvalidProtocolBufferException {
        ModelProto.Builder model = ModelProto.newBuilder();
        List<StoredTensor> initializers = new ArrayList<>();
        ByteBuffer in = bytes.slice();
        while (in.hasRemaining()) {
            Field field = next(in);
            if (field.isMessage(ModelProto.GRAPH_FIELD_NUMBER)) {
                graph(field.content(), model.getGraphBuilder(), initializers);
            } else {
                field.mergeInto(model);
            }
        }
        return new ParsedModel(model.build(), initializers);
    }

    private static void graph(
            ByteBuffer in, GraphProto.Builder graph, List<StoredTensor> initializers)
            throws InvalidProtocolBufferException {
        while (in.hasRemaining()) {
            Field field = next(in);
            if (field.isMessage(GraphProto.INITIALIZER_FIELD_NUMBER)) {
                initializers.add(tensor(field.content()));
            } else {
                field.mergeInto(graph);
            }
        }
    }

    static StoredTensor tensor(ByteBuffer in) throws InvalidProtocolBufferException {
        TensorProto.Builder header = TensorProto.newBuilder();
        ByteBuffer rawData = ByteBuffer.allocate(0);
        while (in.hasRemaining()) {
            Field field = next(in);
            if (field.isMessage(TensorProto.RAW_DATA_FIELD_NUMBER)) {
                rawData = field.content();
            } else {
                field.mergeInto(header);
            }
        }
        return new StoredTensor(header.build(), rawData);
    }

    private static Field next(ByteBuffer in) throws InvalidProtocolBufferException {
        int start = in.position();
        long tag = varint(in);
        int wireType = (int) (tag & 7);
        long length =
                switch (wireType) {
                    case VARINT -> {
                        varint(in);
                        yield 0;
                    }
                    case FIXED64 -> 8;
                    case LENGTH -> varint(in);
                    case FIXED32 -> 4;
                    default -> throw new InvalidProtocolBufferException("wire type " + wireType);
                };
        if (length < 0 || length > in.remaining()) {
            throw new InvalidProtocolBufferException(
                    "field of " + length + " bytes, " + in.remaining() + " are left");
        }
        int content = in.position();
        in.position(content + (int) length);
        return new Field(
                (int) (tag >>> 3),
                wireType,
                in.slice(start, in.position() - start),
                in.slice(content, (int) length));
    }

    /** Seven bits a byte, lowest first; the top bit says that more follow. */
    private static long varint(ByteBuffer in) throws InvalidProtocolBufferException {
        long value = 0;
        for (int shift = 0; shift < 64 && in.hasRemaining(); shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new InvalidProtocolBufferException("number without an end");
    }
}
