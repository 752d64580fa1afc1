package org.cinnabar.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cinnabar.compiler.Census;
import org.cinnabar.frontend.Imported;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.text.GraphPrinter;

/** A graph as a table: a row for each node of the model, whatever became of it in the graph. */
final class GraphTable {
    private record Row(Origin origin, String operator, TensorType type, long parameters, Dim macs) {
        static Row of(Census.Entry entry) {
            Origin origin = entry.node().origin();
            String operator = origin.operator();
            return new Row(
                    origin,
                    operator.isEmpty() ? GraphPrinter.print(entry.node().op()) : operator,
                    entry.node().type(),
                    entry.parameters(),
                    entry.macs());
        }

        boolean continues(Row previous) {
            return !origin.equals(Origin.NONE) && origin.equals(previous.origin);
        }

        Row after(Row previous) {
            return new Row(
                    origin,
                    operator,
                    type,
                    previous.parameters + parameters,
                    previous.macs.plus(macs));
        }
    }

    private GraphTable() {}

    static String of(Imported imported, Graph graph) {
        Census census = Census.of(graph);
        List<Row> rows = new ArrayList<>();
        for (Census.Entry entry : census.entries()) {
            Row row = Row.of(entry);
            if (!rows.isEmpty() && row.continues(rows.getLast())) {
                row = row.after(rows.removeLast());
            }
            rows.add(row);
        }
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("node", "operator", "result", "parameters", "MACs"));
        rows.forEach(
                row ->
                        cells.add(
                                List.of(
                                        row.origin.node(),
                                        row.operator,
                                        row.type.toString(),
                                        number(Dim.of(row.parameters)),
                                        number(row.macs))));
        cells.add(
                List.of(
                        "total",
                        "",
                        "",
                        number(Dim.of(census.parameters())),
                        number(census.macs())));
        return header(imported, graph) + "\n" + Table.of(cells, 3);
    }

    private static String header(Imported imported, Graph graph) {
        String inputs =
                graph.inputs().stream()
                        .map(node -> ((Input) node.op()).name() + " " + node.type())
                        .collect(Collectors.joining(", "));
        String outputs =
                graph.outputs().stream()
                        .map(output -> output.name() + " " + output.node().type())
                        .collect(Collectors.joining(", "));
        String producer = imported.producer().isEmpty() ? "" : ", by " + imported.producer();
        return "%s: opset %d%s%n  inputs   %s%n  outputs  %s%n"
                .formatted(graph.name(), imported.opset(), producer, inputs, outputs);
    }

    /** Zeros would drown the rest. */
    private static String number(Dim value) {
        if (value.is(0)) {
            return "";
        }
        return value.isKnown()
                ? String.format(Locale.ROOT, "%,d", value.value())
                : value.toString();
    }
}
