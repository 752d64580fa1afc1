package org.cinnabar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.cinnabar.passes.lower.Selection;
import org.junit.jupiter.api.Test;

class SweepTest {
    private static List<String> lines(int kernel, double within) {
        SweepOptions options = new SweepOptions();
        options.kernels = List.of(kernel);
        options.channels = List.of(16);
        options.maps = List.of(7);
        options.within = within;
        options.each = true;
        List<String> progress = new ArrayList<>();
        Document document = new Document();
        new Sweep(options, Selection.DEFAULT, progress::add).measure(document);
        StringWriter text = new StringWriter();
        document.print(Sheet.Format.CSV, new PrintWriter(text));
        assertThat(progress).containsExactly("kernel " + kernel + ", 16 channels");
        return text.toString().lines().toList();
    }

    @Test
    void comparesThePickedWithEveryOtherWay() {
        List<String> lines = lines(3, 100);
        assertThat(lines.subList(1, 5))
                .extracting(line -> line.split(",")[4])
                .containsExactly("direct", "winograd2", "winograd4", "winograd6");
        assertThat(lines).hasSize(6);
        String[] cells = lines.getLast().split(",");
        assertThat(Double.parseDouble(cells[11])).isGreaterThanOrEqualTo(1);
        assertThat(cells[12]).isEqualTo("4");
    }

    @Test
    void passesOverTheHopeless() {
        assertThat(lines(3, 1)).hasSize(3);
    }
}
