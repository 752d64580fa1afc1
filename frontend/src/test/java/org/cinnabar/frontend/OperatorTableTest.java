package org.cinnabar.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of operators in the documents is the importer's; {@code -Dbless=true} writes it anew.
 */
class OperatorTableTest {
    private static final Path TABLE = Path.of("..", "docs", "operators.md");

    @Test
    void documentsEveryOperator() throws IOException {
        String table = table();
        if (Boolean.getBoolean("bless")) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, table);
        }
        assertThat(TABLE).as("run with -Dbless=true to write it anew").hasContent(table);
    }

    private static String table() {
        Map<String, String> rows =
                OnnxImporter.operators().stream()
                        .sorted(
                                Comparator.comparing(SupportedOperator::domain)
                                        .thenComparing(SupportedOperator::operator))
                        .collect(
                                Collectors.groupingBy(
                                        o ->
                                                "| "
                                                        + o.operator()
                                                        + " | "
                                                        + domain(o.domain())
                                                        + " | ",
                                        TreeMap::new,
                                        Collectors.mapping(
                                                o ->
                                                        String.valueOf(
                                                                Math.max(
                                                                        o.since(),
                                                                        OnnxImporter.OLDEST_OPSET)),
                                                Collectors.joining(", ", "", " |\n"))));
        StringBuilder text = new StringBuilder();
        text.append("# ONNX operators\n\n");
        text.append("Opsets ")
                .append(OnnxImporter.OLDEST_OPSET)
                .append(" to ")
                .append(OnnxImporter.NEWEST_OPSET);
        text.append(
                ". Each form of an operator is imported from the opset given on; newer opsets are tried with a\n");
        text.append(
                "warning. What is not supported of an operator is named when a model uses it.\n\n");
        text.append("| operator | domain | forms since opset |\n|---|---|---|\n");
        rows.forEach((row, since) -> text.append(row).append(since));
        return text.toString();
    }

    private static String domain(String domain) {
        return domain.isEmpty() ? "ai.onnx" : domain;
    }
}
