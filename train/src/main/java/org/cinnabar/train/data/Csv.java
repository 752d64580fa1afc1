package org.cinnabar.train.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines of numbers with commas between them, the class as the last one; a heading may be first. */
final class Csv {
    private Csv() {}

    static Dataset read(Path file) {
        String text = new String(Idx.bytes(file), StandardCharsets.UTF_8);
        List<float[]> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || number == 1 && !line.matches("[-+0-9.eE,;\\s]*")) {
                continue;
            }
            String[] cells = line.split("[,;]", -1);
            float[] row = new float[cells.length - 1];
            try {
                for (int i = 0; i < row.length; i++) {
                    row[i] = Float.parseFloat(cells[i].strip());
                }
                labels.add(Integer.parseInt(cells[row.length].strip()));
            } catch (NumberFormatException e) {
                throw new DataException(file + ", line " + number + ": " + e.getMessage(), e);
            }
            if (row.length == 0 || row.length != (rows.isEmpty() ? row : rows.getFirst()).length) {
                throw new DataException(
                        "%s, line %d has %d numbers, the first one %d"
                                .formatted(
                                        file,
                                        number,
                                        cells.length,
                                        rows.isEmpty() ? 0 : rows.getFirst().length + 1));
            }
            rows.add(row);
        }
        if (rows.isEmpty()) {
            throw new DataException(file + " holds no examples");
        }
        int width = rows.getFirst().length;
        float[] values = new float[Math.multiplyExact(width, rows.size())];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * width, width);
        }
        int[] classes = labels.stream().mapToInt(Integer::intValue).toArray();
        return new Numbers(List.of(width), values, classes);
    }
}
