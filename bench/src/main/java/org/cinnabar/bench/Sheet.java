package org.cinnabar.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows under named columns. Values are text, whole numbers, truths, or fractions, of which NaN
 * stands for one that is not known.
 */
final class Sheet {
    /** How to write a sheet. */
    enum Format {
        TABLE,
        CSV,
        JSON,
        MARKDOWN
    }

    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    Sheet(String... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row; rejects one of another length than there are columns. */
    void add(Object... row) {
        if (row.length != columns.size()) {
            throw new IllegalArgumentException(
                    "expected " + columns.size() + " values, got " + row.length);
        }
        rows.add(List.of(row));
    }

    /** These rows with the column {@code name} before the others, which holds {@code value}. */
    Sheet under(String name, Object value) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(columns);
        Sheet sheet = new Sheet(all.toArray(String[]::new));
        for (List<Object> row : rows) {
            List<Object> cells = new ArrayList<>(List.of(value));
            cells.addAll(row);
            sheet.rows.add(cells);
        }
        return sheet;
    }

    /** These rows and those of {@code other}, with the columns of both; what lacks is NaN. */
    Sheet and(Sheet other) {
        List<String> all =
                Stream.concat(columns.stream(), other.columns.stream()).distinct().toList();
        Sheet sheet = new Sheet(all.toArray(String[]::new));
        for (Sheet part : List.of(this, other)) {
            for (List<Object> row : part.rows) {
                sheet.rows.add(
                        all.stream()
                                .map(
                                        name ->
                                                part.columns.contains(name)
                                                        ? row.get(part.columns.indexOf(name))
                                                        : (Object) Double.NaN)
                                .toList());
            }
        }
        return sheet;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Aligned columns, text at the left and numbers at the right. */
    String table() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        rows.forEach(row -> lines.add(row.stream().map(Sheet::rounded).toList()));
        int[] widths =
                IntStream.range(0, columns.size())
                        .map(
                                c ->
                                        lines.stream()
                                                .mapToInt(line -> line.get(c).length())
                                                .max()
                                                .orElse(0))
                        .toArray();
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringJoiner cells = new StringJoiner("  ");
            for (int c = 0; c < widths.length; c++) {
                String space = " ".repeat(widths[c] - line.get(c).length());
                boolean left = !rows.isEmpty() && rows.getFirst().get(c) instanceof String;
                cells.add(left ? line.get(c) + space : space + line.get(c));
            }
            text.append(cells.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** As {@link #table}, for a page. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(markdown(columns));
        boolean isFirst = !rows.isEmpty();
        List<String> sides = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            sides.add(isFirst && rows.getFirst().get(c) instanceof String ? "---" : "---:");
        }
        text.append(markdown(sides));
        rows.forEach(row -> text.append(markdown(row.stream().map(Sheet::rounded).toList())));
        return text.toString();
    }

    private static String markdown(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** A line of names and a line for each row, as RFC 4180 has them. */
    String csv() {
        StringBuilder text = new StringBuilder(String.join(",", columns)).append('\n');
        for (List<Object> row : rows) {
            StringJoiner cells = new StringJoiner(",", "", "\n");
            row.forEach(value -> cells.add(escaped(value)));
            text.append(cells);
        }
        return text.toString();
    }

    /** An array of objects. */
    String json() {
        StringJoiner array = new StringJoiner(",\n  ", "[\n  ", "\n ]");
        for (List<Object> row : rows) {
            StringJoiner object = new StringJoiner(", ", "{", "}");
            for (int c = 0; c < row.size(); c++) {
                object.add(quoted(columns.get(c)) + ": " + jsonOf(row.get(c)));
            }
            array.add(object.toString());
        }
        return rows.isEmpty() ? "[]" : array.toString();
    }

    private static String rounded(Object value) {
        return switch (value) {
            case Double d when !Double.isFinite(d) -> "-";
            case Double d when d != 0 && Math.abs(d) < 1e-3 -> format("%.1e", d);
            case Double d when Math.abs(d) < 10 -> format("%.3f", d);
            case Double d -> format("%.1f", d);
            case Object other -> other.toString();
        };
    }

    private static String escaped(Object value) {
        return switch (value) {
            case Double d when !Double.isFinite(d) -> "";
            case String s when s.matches("(?s).*[,\"\n].*") ->
                    "\"" + s.replace("\"", "\"\"") + "\"";
            case Object other -> other.toString();
        };
    }

    private static String jsonOf(Object value) {
        return switch (value) {
            case Double d when !Double.isFinite(d) -> "null";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case Object other -> quoted(other.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String format(String pattern, Object value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
