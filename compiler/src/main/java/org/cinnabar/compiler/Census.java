package org.cinnabar.compiler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Movement;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.Diagonal;
import org.cinnabar.ir.weights.LinearMap;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.ir.weights.Product;

/**
 * What a graph holds and costs, node by node. Parameters are the floating numbers in weights and in
 * constants that are not scalars; one that several nodes share counts with the first. MACs are the
 * multiply-adds of contractions, symbolic where shapes are.
 */
public record Census(List<Entry> entries) {
    /** One computing node: {@code node} itself, the parameters among its operands, its MACs. */
    public record Entry(Node node, long parameters, Dim macs) {}

    /** Copies the entries. */
    public Census {
        entries = List.copyOf(entries);
    }

    /** The census of {@code graph}, one entry for every node that computes. */
    public static Census of(Graph graph) {
        List<Entry> entries = new ArrayList<>();
        Set<Node> counted = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (computes(node.op())) {
                long parameters = 0;
                for (Node operand : node.in()) {
                    parameters += counted.add(operand) ? parameters(operand) : 0;
                }
                entries.add(new Entry(node, parameters, macs(node)));
            }
        }
        return new Census(entries);
    }

    /** Parameters of all nodes. */
    public long parameters() {
        return entries.stream().mapToLong(Entry::parameters).sum();
    }

    /** MACs of all nodes. */
    public Dim macs() {
        return entries.stream().map(Entry::macs).reduce(Dim.of(0), Dim::plus);
    }

    private static boolean computes(Op op) {
        return switch (op) {
            case Input _, Constant _, Weight _ -> false;
            case Elementwise _, Movement _, Reduce _, Pool _, BatchNorm _ -> true;
            case MaxUnpool _, ScatterAdd _, Contraction _ -> true;
        };
    }

    private static long parameters(Node node) {
        return switch (node.op()) {
            case Weight(LinearMap map) -> parameters(map);
            case Constant(Tensor value) ->
                    value.dtype().isFloating() && value.shape().rank() > 0 ? value.count() : 0;
            case Input _, Elementwise _, Movement _, Reduce _, Pool _, BatchNorm _ -> 0;
            case MaxUnpool _, ScatterAdd _, Contraction _ -> 0;
        };
    }

    private static long parameters(LinearMap map) {
        return switch (map) {
            case Matrix(var entries) -> entries.shape().count();
            case Diagonal(var entries) -> entries.shape().count();
            case Product(List<LinearMap> factors) ->
                    factors.stream().mapToLong(Census::parameters).sum();
        };
    }

    private static Dim macs(Node node) {
        return switch (node.op()) {
            case Conv _ -> applications(node, 1).times(perApplication(node.in(1)));
            case Linear _ ->
                    applications(node, node.shape().rank() - 1).times(perApplication(node.in(1)));
            case MatMul _ -> node.shape().size().times(node.in(0).shape().dim(-1));
            case Correlate _ -> applications(node.in(1), 1).times(node.shape().size());
            case Input _, Constant _, Weight _, MaxUnpool _, ScatterAdd _ -> Dim.of(0);
            case Elementwise _, Movement _, Reduce _, Pool _, BatchNorm _ -> Dim.of(0);
        };
    }

    /** How often a map acts whose results lie along {@code axis} of {@code node}. */
    private static Dim applications(Node node, int axis) {
        return node.shape().with(axis, Dim.of(1)).size();
    }

    private static Dim perApplication(Node weight) {
        return weight.op() instanceof Weight(LinearMap map)
                ? Dim.of(macs(map))
                : weight.shape().size();
    }

    private static long macs(LinearMap map) {
        return switch (map) {
            case Matrix(var entries) -> entries.shape().count();
            case Diagonal(var entries) -> entries.shape().count();
            case Product(List<LinearMap> factors) -> factors.stream().mapToLong(Census::macs).sum();
        };
    }
}
