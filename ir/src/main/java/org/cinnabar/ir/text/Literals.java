package org.cinnabar.ir.text;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;

/**
 * Text of constant values. Remembers the form in which long values were read, so that they print as
 * short as they were written; a reshaped tensor shares its values and so their form.
 */
public final class Literals {
    private static final int LONGEST_LIST = 16;

    private final Map<Object, String> forms = new IdentityHashMap<>();

    /** The type and values of {@code tensor}. */
    String print(Tensor tensor) {
        return tensor.type() + " " + values(tensor);
    }

    private String values(Tensor tensor) {
        String form = forms.get(storage(tensor));
        if (form != null) {
            return form;
        }
        List<String> numbers = numbers(tensor, LONGEST_LIST + 1);
        if (tensor.count() > 0 && isUniform(tensor)) {
            return numbers.getFirst();
        }
        return tensor.count() <= LONGEST_LIST
                ? numbers.stream().collect(Collectors.joining(",", "[", "]"))
                : "data(%08x)".formatted(checksum(tensor));
    }

    /** A type followed by values of it. */
    Tensor parse(Cursor in) {
        int start = in.offset();
        TensorType type = Types.type(in);
        if (!type.shape().isKnown()) {
            throw in.error(start, "a known shape", type.toString());
        }
        int valuesStart = in.offset();
        if (in.looksAt("[")) {
            List<String> numbers = in.list("[", "]", () -> number(in, type.dtype()));
            return in.checked(
                    valuesStart, "as many values as elements", () -> tensor(type, numbers));
        }
        for (String word : List.of("zeros", "ones", "iota", "normal", "uniform", "data")) {
            if (in.skip(word)) {
                return in.checked(
                        valuesStart, "values of " + type, () -> generated(in, type, word));
            }
        }
        String number = number(in, type.dtype());
        return in.checked(
                valuesStart,
                "a value of " + type.dtype(),
                () ->
                        tensor(
                                type,
                                IntStream.range(0, type.shape().count())
                                        .mapToObj(_ -> number)
                                        .toList()));
    }

    private Tensor generated(Cursor in, TensorType type, String word) {
        return switch (word) {
            case "zeros" -> fill(type, () -> 0);
            case "ones" -> fill(type, () -> 1);
            case "iota" -> remember("iota", tensor(type, counting(type.shape().count())));
            case "normal" -> {
                long seed = seed(in);
                yield remember(
                        "normal(seed=" + seed + ")",
                        fill(real(type), new Random(seed)::nextGaussian));
            }
            case "uniform" -> {
                long seed = seed(in);
                yield remember(
                        "uniform(seed=" + seed + ")",
                        fill(real(type), new Random(seed)::nextDouble));
            }
            default ->
                    throw new IllegalArgumentException(
                            "the checksum of values that were not printed");
        };
    }

    private static long seed(Cursor in) {
        in.expect("(");
        in.expect("seed");
        in.expect("=");
        long seed = in.integer();
        in.expect(")");
        return seed;
    }

    private static TensorType real(TensorType type) {
        if (!type.dtype().isFloating()) {
            throw new IllegalArgumentException("random numbers for " + type.dtype());
        }
        return type;
    }

    private Tensor remember(String form, Tensor tensor) {
        if (tensor.count() > 1) {
            forms.put(storage(tensor), form);
        }
        return tensor;
    }

    private static Tensor fill(TensorType type, DoubleSupplier next) {
        double[] values = DoubleStream.generate(next).limit(type.shape().count()).toArray();
        return switch (type.dtype()) {
            case F64 -> Tensor.f64(type.shape(), values);
            case F32 -> Tensor.f32(type.shape(), Tensor.f64(type.shape(), values).toFloats());
            case I8, U8, I32, I64, BOOL ->
                    Tensor.integers(
                            type.dtype(),
                            type.shape(),
                            Arrays.stream(values).mapToLong(v -> (long) v).toArray());
        };
    }

    private static List<String> counting(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static Tensor tensor(TensorType type, List<String> numbers) {
        return switch (type.dtype()) {
            case F32 -> {
                float[] values = new float[numbers.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.parseFloat(numbers.get(i));
                }
                yield Tensor.f32(type.shape(), values);
            }
            case F64 ->
                    Tensor.f64(
                            type.shape(),
                            numbers.stream().mapToDouble(Double::parseDouble).toArray());
            case I8, U8, I32, I64, BOOL ->
                    Tensor.integers(
                            type.dtype(),
                            type.shape(),
                            numbers.stream().mapToLong(Long::parseLong).toArray());
        };
    }

    /** The next number in the form that Java parses. */
    private static String number(Cursor in, DType dtype) {
        if (dtype == DType.BOOL) {
            if (in.skip("true")) {
                return "1";
            }
            in.expect("false");
            return "0";
        }
        return java(in.number());
    }

    /** {@code ours}, our text of a number, in Java's. */
    static String java(String ours) {
        return switch (ours) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            default -> ours;
        };
    }

    private static List<String> numbers(Tensor tensor, int limit) {
        IntStream indices = IntStream.range(0, Math.min(limit, tensor.count()));
        return switch (tensor.dtype()) {
            case F32 -> indices.mapToObj(i -> number(Float.toString(tensor.floats()[i]))).toList();
            case F64 ->
                    indices.mapToObj(i -> number(Double.toString(tensor.doubles()[i]))).toList();
            case BOOL -> indices.mapToObj(i -> tensor.longs()[i] == 0 ? "false" : "true").toList();
            case I8, U8, I32, I64 ->
                    indices.mapToObj(i -> Long.toString(tensor.longs()[i])).toList();
        };
    }

    /** {@code java}, Java's text of a floating number, in ours. */
    static String number(String java) {
        return switch (java) {
            case "NaN" -> "nan";
            case "Infinity" -> "inf";
            case "-Infinity" -> "-inf";
            default -> java.endsWith(".0") ? java.substring(0, java.length() - 2) : java;
        };
    }

    private static boolean isUniform(Tensor tensor) {
        return switch (storage(tensor)) {
            case float[] values -> {
                int first = Float.floatToIntBits(values[0]);
                yield IntStream.range(0, values.length)
                        .allMatch(i -> Float.floatToIntBits(values[i]) == first);
            }
            case double[] values -> {
                long first = Double.doubleToLongBits(values[0]);
                yield Arrays.stream(values)
                        .mapToLong(Double::doubleToLongBits)
                        .allMatch(bits -> bits == first);
            }
            case long[] values -> Arrays.stream(values).allMatch(value -> value == values[0]);
            case Object other -> throw new AssertionError(other);
        };
    }

    private static int checksum(Tensor tensor) {
        CRC32 crc = new CRC32();
        for (double value : tensor.toDoubles()) {
            for (long bits = Double.doubleToLongBits(value), i = 0; i < Long.BYTES; i++) {
                crc.update((int) (bits >>> (8 * i)));
            }
        }
        return (int) crc.getValue();
    }

    private static Object storage(Tensor tensor) {
        return switch (tensor.dtype()) {
            case F32 -> tensor.floats();
            case F64 -> tensor.doubles();
            case I8, U8, I32, I64, BOOL -> tensor.longs();
        };
    }
}
