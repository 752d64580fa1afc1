package org.cinnabar.ir.text;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The reflection behind the text form: what a record is made of is how it is written. */
final class Records {
    private Records() {}

    /** The records below a sealed type. */
    static List<Class<?>> permitted(Class<?> sealed) {
        return Stream.of(sealed.getPermittedSubclasses())
                .flatMap(type -> type.isSealed() ? permitted(type).stream() : Stream.of(type))
                .toList();
    }

    /** The word for a type or an enum constant. */
    static String word(Class<?> type) {
        return type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static Object component(Object value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component + " of " + value, e);
        }
    }

    /** The record of the given components; what its constructor throws is thrown. */
    static Object create(Class<?> type, Object... components) {
        try {
            Class<?>[] types =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(components);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(type.toString(), e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.toString(), e);
        }
    }
}
