package org.cinnabar.frontend.op;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Importers by domain, operator and version. */
public final class OpTable {
    /** Everything that is supported. */
    public static final OpTable STANDARD =
            new OpTable(
                    Stream.of(
                                    ConvOps.ROWS,
                                    PoolOps.ROWS,
                                    NormOps.ROWS,
                                    MatrixOps.ROWS,
                                    MathOps.ROWS,
                                    ActivationOps.ROWS,
                                    ReduceOps.ROWS,
                                    ShapeOps.ROWS,
                                    MovementOps.ROWS,
                                    ResizeOps.ROWS,
                                    QuantOps.ROWS)
                            .flatMap(List::stream)
                            .toList());

    private record Key(String domain, String operator) {}

    private final List<OpRow> rows;
    private final Map<Key, TreeMap<Long, OpRow>> versions = new HashMap<>();

    private OpTable(List<OpRow> rows) {
        this.rows =
                rows.stream()
                        .sorted(
                                Comparator.comparing(OpRow::domain)
                                        .thenComparing(OpRow::operator)
                                        .thenComparingLong(OpRow::since))
                        .toList();
        for (OpRow row : rows) {
            OpRow other =
                    versions.computeIfAbsent(
                                    new Key(row.domain(), row.operator()), _ -> new TreeMap<>())
                            .put((long) row.since(), row);
            if (other != null) {
                throw new IllegalArgumentException(
                        row.operator() + " since " + row.since() + " has two importers");
            }
        }
    }

    /** All rows, sorted. */
    public List<OpRow> rows() {
        return rows;
    }

    /** The importer of {@code operator} as version {@code opset} of {@code domain} defines it. */
    public Optional<Importer> find(String domain, String operator, long opset) {
        return Optional.ofNullable(versions.get(new Key(domain, operator)))
                .map(byVersion -> byVersion.floorEntry(opset))
                .map(entry -> entry.getValue().importer());
    }
}
