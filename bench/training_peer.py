#!/usr/bin/env python3
"""Trains an ONNX model with PyTorch, step by step on request: the peer of `bench/run --training`.

Arguments: the model, raw floats of one batch, raw floats of its labels, threads, learning rate,
momentum, weight decay. Every line of input is a number of steps and a learning rate; the answer is
the seconds that the steps took and the loss of the last one. Prints PyTorch's version first.
"""

import sys
import time

import numpy
import onnx
import onnx.numpy_helper
import torch
import torch.nn.functional as F


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def padding(node):
    """Equal padding at both ends, as the networks that are measured have."""
    pads = attributes(node).get("pads", [0, 0, 0, 0])
    half = len(pads) // 2
    if pads[:half] != pads[half:]:
        raise ValueError(f"{node.name}: padding {pads} differs at the two ends")
    return pads[:half]


def with_biases(graph):
    """Nodes as (operator, attributes, operands, result), parameters that are only added as biases."""
    floats = {i.name for i in graph.initializer}
    nodes = []
    for node in graph.node:
        last = nodes[-1] if nodes else None
        if node.op_type == "Add" and node.input[1] in floats and last[0] in ("Conv", "Gemm") and last[3] == node.input[0]:
            nodes[-1] = (last[0], last[1], last[2] + [node.input[1]], node.output[0])
        else:
            nodes.append((node.op_type, node, list(node.input), node.output[0]))
    return nodes


class Network:
    """The graph of a model, run node by node; initializers of floats are parameters."""

    def __init__(self, graph, batch):
        self.graph = graph
        self.nodes = with_biases(graph)
        biases = {operands[2] for op, _, operands, _ in self.nodes if op in ("Conv", "Gemm") and len(operands) > 2}
        self.batch = batch
        self.parameters = {}
        self.constants = {}
        statistics = {n for node in graph.node if node.op_type == "BatchNormalization" for n in node.input[3:]}
        for initializer in graph.initializer:
            value = torch.from_numpy(onnx.numpy_helper.to_array(initializer).copy())
            name = initializer.name
            if name in biases:
                value = value.reshape(-1)
            if value.is_floating_point() and name not in statistics:
                self.parameters[name] = value.requires_grad_()
            else:
                self.constants[name] = value

    def __call__(self, x):
        values = {"": None, self.graph.input[0].name: x, **self.parameters, **self.constants}
        for op, node, operands, result in self.nodes:
            values[result] = self.apply(op, node, [values[name] for name in operands])
        return values[self.graph.output[0].name]

    def apply(self, op, node, x):
        a = attributes(node)
        if op == "Conv":
            return F.conv2d(*x, stride=a.get("strides", 1), padding=padding(node), groups=a.get("group", 1))
        if op == "BatchNormalization":
            return F.batch_norm(x[0], x[3], x[4], x[1], x[2], True, 0.1, a.get("epsilon", 1e-5))
        if op == "Relu":
            return F.relu(x[0])
        if op == "MaxPool":
            return F.max_pool2d(x[0], a["kernel_shape"], a.get("strides", 1), padding(node))
        if op == "AveragePool":
            return F.avg_pool2d(x[0], a["kernel_shape"], a.get("strides", 1), padding(node))
        if op == "ReduceMean":
            return x[0].mean(a["axes"], keepdim=bool(a.get("keepdims", 1)))
        if op in ("Reshape", "Flatten"):
            return x[0].reshape(self.batch, -1)
        if op == "MatMul":
            return x[0] @ x[1]
        if op == "Gemm":
            weight = x[1] if a.get("transB", 0) else x[1].t()
            return F.linear(x[0], weight, *x[2:])
        if op == "Add":
            return x[0] + x[1]
        raise ValueError(f"{node.name}: no rule for {op}")


def main():
    model, examples, labels, threads, rate, momentum, decay = sys.argv[1:]
    torch.set_num_threads(int(threads))
    graph = onnx.load(model).graph
    y = torch.from_numpy(numpy.fromfile(labels, dtype="<f4").astype("int64"))
    extents = [d.dim_value for d in graph.input[0].type.tensor_type.shape.dim][1:]
    x = torch.from_numpy(numpy.fromfile(examples, dtype="<f4").reshape(len(y), *extents))
    network = Network(graph, len(y))
    parameters = list(network.parameters.values())
    optimizer = torch.optim.SGD(
        [
            {"params": [p for p in parameters if p.dim() > 1 and p.numel() > p.shape[0]], "weight_decay": float(decay)},
            {"params": [p for p in parameters if not (p.dim() > 1 and p.numel() > p.shape[0])]},
        ],
        lr=float(rate),
        momentum=float(momentum),
    )
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        steps, rate = line.split()
        for group in optimizer.param_groups:
            group["lr"] = float(rate)
        begin = time.perf_counter()
        for _ in range(int(steps)):
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(network(x), y)
            loss.backward()
            optimizer.step()
            value = loss.item()
        print(time.perf_counter() - begin, value, flush=True)


main()
