package org.cinnabar.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small ONNX model in protobuf's wire format:
 *
 * <pre>
 * new OnnxFile().input("x", "1x3x8x8").node("c", "Conv", "x w", "y").weight("w", "4x3x3x3").output("y")
 * </pre>
 */
final class OnnxFile {
    private static final int FLOAT = 1;

    /** One message: fields in the order in which they were added. */
    static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.toBytes());
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
    }

    private final Message graph = new Message().text(2, "net");

    OnnxFile input(String name, String shape) {
        graph.message(11, value(name, shape));
        return this;
    }

    OnnxFile output(String name) {
        graph.message(12, new Message().text(1, name));
        return this;
    }

    /** A node with operands and results separated by blanks. */
    OnnxFile node(String name, String operator, String in, String out, Message... attributes) {
        Message node = new Message();
        for (String operand : in.split(" ")) {
            node.text(1, operand);
        }
        for (String result : out.split(" ")) {
            node.text(2, result);
        }
        node.text(3, name).text(4, operator);
        for (Message attribute : attributes) {
            node.message(5, attribute);
        }
        graph.message(1, node);
        return this;
    }

    /** An attribute that is one integer. */
    static Message attribute(String name, long value) {
        return new Message().text(1, name).number(3, value).number(20, 2);
    }

    /** An attribute that is a list of integers. */
    static Message attribute(String name, long first, long... rest) {
        Message attribute = new Message().text(1, name).number(8, first);
        for (long value : rest) {
            attribute.number(8, value);
        }
        return attribute.number(20, 7);
    }

    /** An attribute that is a text. */
    static Message attribute(String name, String value) {
        return new Message().text(1, name).text(4, value).number(20, 3);
    }

    /** An initializer with the values 0.5, -1, 1.5, -2, ... */
    OnnxFile weight(String name, String shape) {
        graph.message(5, tensor(name, shape));
        return this;
    }

    static Message tensor(String name, String shape) {
        Message tensor = new Message();
        int count = 1;
        for (String extent : shape.split("x")) {
            tensor.number(1, Long.parseLong(extent));
            count *= Integer.parseInt(extent);
        }
        ByteBuffer values = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= count; i++) {
            values.putFloat((i % 2 == 0 ? -1 : 1) * (i % 7) / 2f);
        }
        return tensor.number(2, FLOAT).text(8, name).bytes(9, values.array());
    }

    private static Message value(String name, String shape) {
        Message dims = new Message();
        for (String extent : shape.split("x")) {
            boolean known = extent.matches("[0-9]+");
            dims.message(
                    1,
                    known
                            ? new Message().number(1, Long.parseLong(extent))
                            : new Message().text(2, extent));
        }
        Message tensor = new Message().number(1, FLOAT).message(2, dims);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    byte[] toBytes() {
        return new Message()
                .number(1, 8)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, 17))
                .toBytes();
    }

    Path write(Path file) throws IOException {
        return Files.write(file, toBytes());
    }
}
