#!/usr/bin/python3
"""Trains the Fashion-MNIST classifier of this folder and exports it to ONNX.

Needs the Debian (or Ubuntu) packages

    apt-get install python3-torch python3-onnx python3-numpy dataset-fashion-mnist

and no network. From anywhere:

    /usr/bin/python3 train.py               train, then write fashion.onnx and samples/
    /usr/bin/python3 train.py --evaluate    only measure the fashion.onnx that is here

Training takes some ten minutes on two cores. It is seeded; another machine or
another version of torch rounds differently and lands within a few tenths of a percent.

The input `image` has shape (N, 1, 28, 28) and holds (pixel / 255 - MEAN) / STD; the output
`logits` has shape (N, 10), in the order of labels.txt.
"""

import argparse
import gzip
import struct
import time
import zlib
from collections import OrderedDict
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).resolve().parent
MODEL = HERE / "fashion.onnx"
LABELS = (HERE / "labels.txt").read_text(encoding="utf-8").splitlines()
DATASET = Path("/usr/share/datasets/fashion-mnist")

# Mean and standard deviation of all training pixels after division by 255.
MEAN, STD = 0.2860, 0.3530

SEED = 1
THREADS = 2
EPOCHS = 24
BATCH = 128
PEAK_RATE = 0.1
WEIGHT_DECAY = 5e-4
SHIFT = 2
SAMPLE_CONFIDENCE = 0.9


def read_idx(name):
    """Reads a gzipped idx file of unsigned bytes into an array of its own shape."""
    content = gzip.decompress((DATASET / name).read_bytes())
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_split(name):
    """Returns the pixels (count, 28, 28) and the classes (count) of `train` or `t10k`."""
    pixels = torch.from_numpy(read_idx(f"{name}-images-idx3-ubyte.gz").copy())
    classes = torch.from_numpy(read_idx(f"{name}-labels-idx1-ubyte.gz").astype(np.int64))
    return pixels, classes


def normalise(pixels):
    return ((pixels.float() / 255 - MEAN) / STD).unsqueeze(1)


def augment(pixels):
    """Mirrors half of the images and shifts each by up to SHIFT pixels both ways."""
    count, height, width = pixels.shape
    padded = F.pad(pixels, (SHIFT,) * 4)
    rows = torch.arange(height) + torch.randint(2 * SHIFT + 1, (count, 1))
    cols = torch.arange(width) + torch.randint(2 * SHIFT + 1, (count, 1))
    mirrored = torch.rand(count, 1) < 0.5
    cols = torch.where(mirrored, cols.flip(1), cols)
    image = torch.arange(count).view(-1, 1, 1)
    return padded[image, rows.unsqueeze(2), cols.unsqueeze(1)]


def conv_norm(inputs, outputs, size, groups=1):
    conv = nn.Conv2d(inputs, outputs, size, padding=size // 2, groups=groups, bias=False)
    return OrderedDict(conv=conv, norm=nn.BatchNorm2d(outputs))


class Conv(nn.Sequential):
    """3x3 convolution, batch normalisation, ReLU."""

    def __init__(self, inputs, outputs, groups=1):
        super().__init__(OrderedDict(conv_norm(inputs, outputs, 3, groups), relu=nn.ReLU()))


class Separable(nn.Module):
    """relu(x + pointwise(depthwise(x))), each convolution with its batch normalisation."""

    def __init__(self, channels):
        super().__init__()
        self.depthwise = Conv(channels, channels, groups=channels)
        self.pointwise = nn.Sequential(conv_norm(channels, channels, 1))
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(x + self.pointwise(self.depthwise(x)))


def network():
    return nn.Sequential(
        OrderedDict(
            stem=Conv(1, 32),
            pool1=nn.MaxPool2d(2),
            conv2=Conv(32, 64),
            separable2=Separable(64),
            pool2=nn.MaxPool2d(2),
            conv3=Conv(64, 96),
            separable3=Separable(96),
            mean=nn.AdaptiveAvgPool2d(1),
            flatten=nn.Flatten(),
            classifier=nn.Linear(96, len(LABELS)),
        )
    )


def train(net, pixels, classes):
    """One cycle of Nesterov SGD; the test images play no part in it."""
    steps = len(pixels) // BATCH
    optimiser = torch.optim.SGD(
        net.parameters(), lr=PEAK_RATE, momentum=0.9, nesterov=True, weight_decay=WEIGHT_DECAY
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, PEAK_RATE, total_steps=EPOCHS * steps
    )
    net.train()
    for epoch in range(EPOCHS):
        start, total = time.monotonic(), 0.0
        for batch in torch.randperm(len(pixels))[: steps * BATCH].view(steps, BATCH):
            images = normalise(augment(pixels[batch]))
            loss = F.cross_entropy(
                net(images.contiguous(memory_format=torch.channels_last)), classes[batch]
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        seconds = time.monotonic() - start
        mean = total / steps
        print(f"epoch {epoch + 1:2}/{EPOCHS}  loss {mean:.4f}  {seconds:.0f} s", flush=True)


def export(net):
    """Writes the network as it was trained: nothing folded, the batch dimension free."""
    torch.onnx.export(
        net,
        torch.zeros(1, 1, 28, 28),
        str(MODEL),
        opset_version=13,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}},
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
    )


def apply(node, operands):
    """The meaning of the ONNX operators that `export` emits, with the attributes it emits."""
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    if node.op_type == "Conv":
        before, after = attributes["pads"][:2], attributes["pads"][2:]
        assert before == after, node.name
        return F.conv2d(
            *operands, stride=attributes["strides"], padding=before, groups=attributes["group"]
        )
    if node.op_type == "BatchNormalization":
        x, scale, shift, mean, variance = operands
        return F.batch_norm(x, mean, variance, scale, shift, eps=attributes["epsilon"])
    if node.op_type == "MaxPool":
        return F.max_pool2d(*operands, attributes["kernel_shape"], attributes["strides"])
    if node.op_type == "Gemm":
        x, weight, bias = operands
        assert attributes["transB"] == 1, node.name
        return F.linear(x, weight, bias)
    simple = {
        "Relu": F.relu,
        "Add": torch.add,
        "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True),
        "Flatten": lambda x: x.flatten(1),
    }
    return simple[node.op_type](*operands)


class Exported:
    """The ONNX file itself, run node by node, independent of the network it came from."""

    def __init__(self, path):
        model = onnx.load(str(path))
        onnx.checker.check_model(model, full_check=True)
        self.graph = model.graph
        self.weights = {
            tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy())
            for tensor in model.graph.initializer
        }

    def __call__(self, image):
        values = dict(self.weights, image=image)
        for node in self.graph.node:
            values[node.output[0]] = apply(node, [values[name] for name in node.input])
        return values["logits"]


@torch.no_grad()
def logits(model, pixels):
    return torch.cat([model(normalise(batch)) for batch in pixels.split(500)])


def percent_right(scores, classes):
    return 100 * (scores.argmax(1) == classes).double().mean().item()


def write_png(path, pixels):
    """Writes a greyscale PNG, eight bits per pixel, every row unfiltered."""

    def chunk(kind, body):
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    height, width = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def write_samples(scores, pixels, classes):
    """Writes, for each class, the first test image recognised with SAMPLE_CONFIDENCE."""
    folder = HERE / "samples"
    folder.mkdir(exist_ok=True)
    confidence = scores.softmax(1)[torch.arange(len(classes)), classes]
    for index, label in enumerate(LABELS):
        fits = (classes == index) & (confidence >= SAMPLE_CONFIDENCE)
        first = int(fits.nonzero()[0])
        name = label.split("/")[0].lower().replace(" ", "-")
        write_png(folder / f"{name}.png", pixels[first].numpy())
        print(f"samples/{name}.png is test image {first}, confidence {confidence[first]:.3f}")


def main():
    options = argparse.ArgumentParser(description="Trains and exports the Fashion-MNIST example.")
    options.add_argument("--evaluate", action="store_true", help="only measure fashion.onnx")
    evaluate_only = options.parse_args().evaluate

    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    test_pixels, test_classes = read_split("t10k")

    if not evaluate_only:
        net = network().to(memory_format=torch.channels_last)
        print(f"{sum(p.numel() for p in net.parameters())} trainable parameters")
        train(net, *read_split("train"))
        net = net.eval().to(memory_format=torch.contiguous_format)
        trained = logits(net, test_pixels)
        export(net)

    exported = logits(Exported(MODEL), test_pixels)
    right = percent_right(exported, test_classes)
    print(f"{MODEL.name}: {MODEL.stat().st_size} bytes, {right:.2f} % of the test images right")

    if not evaluate_only:
        torch.testing.assert_close(exported, trained, rtol=1e-4, atol=1e-4)
        write_samples(exported, test_pixels, test_classes)


if __name__ == "__main__":
    main()
