package org.cinnabar.cli;

import java.util.List;
import java.util.stream.IntStream;

/** Rows of text in aligned columns. */
final class Table {
    private static final String GAP = "  ";

    private Table() {}

    /** {@code rows} as lines, with columns from number {@code right} on aligned at their ends. */
    static String of(List<List<String>> rows, int right) {
        int[] widths =
                IntStream.range(0, rows.getFirst().size())
                        .map(
                                c ->
                                        rows.stream()
                                                .mapToInt(row -> row.get(c).length())
                                                .max()
                                                .orElse(0))
                        .toArray();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String space = " ".repeat(widths[c] - row.get(c).length());
                line.append(c == 0 ? "" : GAP);
                line.append(c < right ? row.get(c) + space : space + row.get(c));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
