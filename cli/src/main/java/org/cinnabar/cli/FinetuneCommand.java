package org.cinnabar.cli;

import picocli.CommandLine.Command;

/** {@code cinnabar finetune}: trains a model further. */
@Command(
        name = "finetune",
        description = "Trains an ONNX model further on labelled examples, and writes it again.",
        footer = {
            "",
            "Example:",
            "  cinnabar finetune model.onnx --data photos --rate 0.001 --epochs 3 --out tuned"
        })
final class FinetuneCommand extends TrainCommand {
    FinetuneCommand(Console console) {
        super(console);
    }
}
