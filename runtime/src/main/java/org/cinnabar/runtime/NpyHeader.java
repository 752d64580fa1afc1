package org.cinnabar.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header of an {@code .npy} file: a Python dictionary literal with three keys. */
record NpyHeader(Type type, List<Integer> shape) {
    private static final Pattern DESCR =
            Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]+)['\"]");
    private static final Pattern ORDER =
            Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE =
            Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9,\\sL]*)\\)");

    /** The element types that are read. */
    enum Type {
        F4(4),
        F8(8),
        I1(1),
        I2(2),
        I4(4),
        I8(8),
        U1(1),
        U2(2),
        U4(4),
        U8(8);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        float next(ByteBuffer in) {
            return switch (this) {
                case F4 -> in.getFloat();
                case F8 -> (float) in.getDouble();
                case I1 -> in.get();
                case I2 -> in.getShort();
                case I4 -> in.getInt();
                case I8 -> in.getLong();
                case U1 -> Byte.toUnsignedInt(in.get());
                case U2 -> Short.toUnsignedInt(in.getShort());
                case U4 -> Integer.toUnsignedLong(in.getInt());
                case U8 -> unsigned(in.getLong());
            };
        }

        private static float unsigned(long bits) {
            // Halving with the lost bit kept sticky rounds as the unsigned value does.
            return bits >= 0 ? bits : 2f * ((bits >>> 1) | (bits & 1));
        }
    }

    static NpyHeader parse(File file, String text) throws IOException {
        String descr = find(file, DESCR, text, "element type");
        if (find(file, ORDER, text, "order").equals("True")) {
            throw new IOException(
                    file + " is in Fortran order; save it with numpy.ascontiguousarray");
        }
        List<Integer> shape = new ArrayList<>();
        long count = 1;
        for (String dimension : find(file, SHAPE, text, "shape").split(",")) {
            String digits = dimension.strip();
            if (digits.isEmpty()) {
                continue;
            }
            try {
                shape.add(Integer.parseInt(digits));
                count = Math.multiplyExact(count, (long) shape.getLast());
            } catch (ArithmeticException | NumberFormatException _) {
                count = Long.MAX_VALUE;
                break;
            }
        }
        if (count > Integer.MAX_VALUE - 8) {
            throw new IOException(file + " promises more values than one array holds: " + text);
        }
        return new NpyHeader(type(file, descr), List.copyOf(shape));
    }

    long count() {
        long count = 1;
        for (int dimension : shape) {
            count *= dimension;
        }
        return count;
    }

    private static Type type(File file, String descr) throws IOException {
        boolean little = descr.startsWith("<") || descr.startsWith("|");
        for (Type type : Type.values()) {
            if (little && type.name().equalsIgnoreCase(descr.substring(1))) {
                return type;
            }
        }
        if (descr.equals("|b1")) {
            return Type.U1;
        }
        throw new IOException(
                file
                        + " holds elements of type '"
                        + descr
                        + "'; little-endian f4, f8 and integers are read");
    }

    private static String find(File file, Pattern pattern, String text, String what)
            throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException(
                    file
                            + " has no plain "
                            + what
                            + " in its header: "
                            + text.substring(0, Math.min(200, text.length())));
        }
        return matcher.group(1);
    }
}
