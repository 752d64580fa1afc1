package org.cinnabar.frontend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Shape;

/**
 * What the user decides about an import: shapes of inputs that replace the declared ones. A shape
 * may fix symbolic extents, change fixed ones, or free them by naming a symbol.
 */
public record ImportOptions(Map<String, Shape> shapes) {
    /** The model as it is declared. */
    public static final ImportOptions DEFAULTS = new ImportOptions(Map.of());

    public ImportOptions {
        shapes = Map.copyOf(shapes);
    }

    /**
     * These options and a shape written {@code input=1x3x480x480}, where an extent may also be a
     * symbol: {@code input=Nx3xHxW}.
     *
     * @throws IllegalArgumentException if {@code text} is not of that form
     */
    public ImportOptions withShape(String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    "expected a shape like input=1x3x224x224, got '" + text + "'");
        }
        List<Dim> dims = new ArrayList<>();
        for (String extent : text.substring(equals + 1).split("x", -1)) {
            dims.add(extent(extent, text));
        }
        Map<String, Shape> all = new LinkedHashMap<>(shapes);
        all.put(text.substring(0, equals), new Shape(dims));
        return new ImportOptions(all);
    }

    private static Dim extent(String extent, String text) {
        if (extent.matches("[1-9][0-9]{0,8}")) {
            return Dim.of(Long.parseLong(extent));
        }
        if (extent.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            return Dim.symbol(extent);
        }
        throw new IllegalArgumentException(
                "expected a positive number or a name for every extent, got '"
                        + extent
                        + "' in '"
                        + text
                        + "'");
    }
}
