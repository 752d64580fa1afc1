package org.cinnabar.ir.text;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;

/** Words and attributes of the ops that take operands. */
final class Ops {
    private static final Pattern WINDOW = Pattern.compile("[0-9x/+@]+(?::[0-9x@]+)?");
    private static final Map<String, Class<?>> TYPES = new TreeMap<>();
    private static final Map<String, Op> FUNCTIONS = new TreeMap<>();

    static {
        for (Class<?> type : Records.permitted(Op.class)) {
            if (isFunction(type)) {
                for (Object f : type.getRecordComponents()[0].getType().getEnumConstants()) {
                    FUNCTIONS.put(Records.word((Enum<?>) f), (Op) Records.create(type, f));
                }
            } else if (!List.of(Input.class, Constant.class, Weight.class).contains(type)) {
                TYPES.put(Records.word(type), type);
            }
        }
    }

    private Ops() {}

    /** Whether an op of this type is nothing but one of the functions it declares. */
    private static boolean isFunction(Class<?> op) {
        RecordComponent[] components = op.getRecordComponents();
        return components.length == 1
                && components[0].getType().isEnum()
                && components[0].getType().getEnclosingClass() == op;
    }

    static String word(Op op) {
        Class<?> type = op.getClass();
        return isFunction(type)
                ? Records.word((Enum<?>) Records.component(op, type.getRecordComponents()[0]))
                : Records.word(type);
    }

    /** The attributes of {@code op}, each after a space. */
    static String attributes(Op op) {
        return isFunction(op.getClass())
                ? ""
                : Arrays.stream(op.getClass().getRecordComponents())
                        .map(c -> " " + c.getName() + "=" + setting(Records.component(op, c)))
                        .collect(Collectors.joining());
    }

    private static String setting(Object value) {
        return switch (value) {
            case Enum<?> constant -> Records.word(constant);
            case Double number -> Literals.number(number.toString());
            case List<?> list ->
                    list.stream().map(Ops::setting).collect(Collectors.joining(",", "[", "]"));
            case Object other -> other.toString();
        };
    }

    /**
     * Steps over the word of an op; gives the type it names, or the op itself if the word is a
     * function's.
     */
    static Object word(Cursor in) {
        int start = in.offset();
        String word = in.identifier("an op");
        Object named = FUNCTIONS.containsKey(word) ? FUNCTIONS.get(word) : TYPES.get(word);
        if (named == null) {
            throw in.error(
                    start,
                    "an op, one of " + TYPES.keySet() + " and " + FUNCTIONS.keySet(),
                    "'" + word + "'");
        }
        return named;
    }

    /** The op that {@link #word(Cursor)} named, with the attributes that come next. */
    static Op attributes(Cursor in, Object named) {
        if (named instanceof Op op) {
            return op;
        }
        int start = in.offset();
        RecordComponent[] components = ((Class<?>) named).getRecordComponents();
        List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
        Object[] settings = new Object[components.length];
        for (int read = 0; read < settings.length; read++) {
            int at = in.offset();
            int index = names.indexOf(in.identifier("an attribute of " + names));
            if (index < 0 || settings[index] != null) {
                throw in.error(at, "each attribute of " + names + " once", "another");
            }
            in.expect("=");
            settings[index] = setting(in, components[index].getGenericType());
        }
        return in.checked(
                start,
                "attributes that fit",
                () -> (Op) Records.create((Class<?>) named, settings));
    }

    private static Object setting(Cursor in, Type type) {
        int start = in.offset();
        return switch (type.getTypeName()) {
            case "int" -> in.int32();
            case "long" -> in.integer();
            case "double" -> Double.parseDouble(Literals.java(in.number()));
            case "boolean" ->
                    in.take(Pattern.compile("true|false"), "true or false").equals("true");
            case "java.util.List<java.lang.Integer>" -> in.list("[", "]", in::int32);
            default -> {
                if (type == Dim.class) {
                    yield Types.extent(in);
                }
                if (type == Shape.class) {
                    yield Types.shape(in);
                }
                if (type == Window.class) {
                    String window = in.take(WINDOW, "a window");
                    yield in.checked(start, "a window", () -> Window.parse(window));
                }
                yield constant(in, (Class<?>) type);
            }
        };
    }

    private static Object constant(Cursor in, Class<?> type) {
        int start = in.offset();
        String word = in.identifier("a word");
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> Records.word((Enum<?>) constant).equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                in.error(
                                        start,
                                        "one of " + Arrays.toString(type.getEnumConstants()),
                                        "'" + word + "'"));
    }
}
