package org.cinnabar.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Shape;

/** JSON text (RFC 8259) of maps, lists, numbers and strings; symbolic extents are strings. */
final class Json {
    private Json() {}

    static String of(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e -> quote(e.getKey().toString()) + ": " + of(e.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list ->
                    list.stream().map(Json::of).collect(Collectors.joining(", ", "[", "]"));
            case Number number -> number.toString();
            case Dim dim when dim.isKnown() -> Long.toString(dim.value());
            case Shape shape -> of(shape.dims());
            case Object other -> quote(other.toString());
        };
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
