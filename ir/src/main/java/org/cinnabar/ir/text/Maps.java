package org.cinnabar.ir.text;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.weights.Encoded;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.LinearMap;

/**
 * Text of weights: {@code word(part, ...)} with the components of the record as parts, the elements
 * of a list one by one. Plain numbers are written as their literal alone.
 */
final class Maps {
    private Maps() {}

    static String print(Object part, Literals literals) {
        return switch (part) {
            case F32(Tensor values) -> literals.print(values);
            case Tensor values -> literals.print(values);
            case Record term ->
                    Arrays.stream(term.getClass().getRecordComponents())
                            .map(c -> Records.component(term, c))
                            .flatMap(c -> c instanceof List<?> list ? list.stream() : Stream.of(c))
                            .map(c -> print(c, literals))
                            .collect(
                                    Collectors.joining(
                                            ", ", Records.word(term.getClass()) + "(", ")"));
            case Object number -> number.toString();
        };
    }

    static LinearMap parse(Cursor in, Literals literals) {
        return (LinearMap) part(in, LinearMap.class, literals);
    }

    private static Object part(Cursor in, Type type, Literals literals) {
        return switch (type.getTypeName()) {
            case "int" -> in.int32();
            case "long" -> in.integer();
            default -> {
                if (type == Tensor.class) {
                    yield literals.parse(in);
                }
                if (type == Encoded.class && Types.looksAtType(in)) {
                    yield new F32(literals.parse(in));
                }
                yield term(in, (Class<?>) type, literals);
            }
        };
    }

    private static Object term(Cursor in, Class<?> sealed, Literals literals) {
        int start = in.offset();
        String word = in.identifier("a " + Records.word(sealed));
        List<Class<?>> known = Records.permitted(sealed);
        Class<?> type =
                known.stream()
                        .filter(t -> Records.word(t).equals(word))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        in.error(
                                                start,
                                                "one of "
                                                        + known.stream()
                                                                .map(Records::word)
                                                                .toList(),
                                                "'" + word + "'"));
        List<Object> parts = new ArrayList<>();
        String separator = "(";
        for (RecordComponent component : type.getRecordComponents()) {
            in.expect(separator);
            if (component.getGenericType() instanceof ParameterizedType list) {
                Type element = list.getActualTypeArguments()[0];
                List<Object> elements = new ArrayList<>();
                do {
                    elements.add(part(in, element, literals));
                } while (in.skip(","));
                parts.add(elements);
            } else {
                parts.add(part(in, component.getGenericType(), literals));
            }
            separator = ",";
        }
        in.expect(")");
        return in.checked(start, "parts that fit", () -> Records.create(type, parts.toArray()));
    }
}
