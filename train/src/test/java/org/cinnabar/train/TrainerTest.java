package org.cinnabar.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.text.GraphPrinter;
import org.cinnabar.train.data.Augmentation;
import org.cinnabar.train.data.DataException;
import org.cinnabar.train.data.Dataset;
import org.cinnabar.train.data.Normalize;
import org.cinnabar.train.data.Split;
import org.cinnabar.train.model.NetworkBuilder;
import org.cinnabar.train.random.RandomStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    /** Noisy pictures of a bar: upright, lying, or none. */
    private record Bars(int size, int classes) implements Dataset {
        @Override
        public List<Integer> extents() {
            return List.of(1, 8, 8);
        }

        @Override
        public int label(int index) {
            return index % 3;
        }

        @Override
        public void read(int index, float[] into, int offset) {
            RandomStream random = new RandomStream(index);
            int place = random.below(8, 1000);
            for (int i = 0; i < 64; i++) {
                boolean bar =
                        label(index) == 0 ? i % 8 == place : label(index) == 1 && i / 8 == place;
                into[offset + i] = (bar ? 1 : 0) + 0.2f * (float) random.normal(i);
            }
        }
    }

    private static final Split BARS = new Split(new Bars(150, 3), new Bars(60, 3));

    private static Graph network() {
        return new NetworkBuilder("bars", 5, 1, 8, 8)
                .bareConv("conv1", 8, Window.parse("3x3+1"))
                .batchNorm("norm1")
                .relu()
                .maxPool(Window.parse("2x2/2"))
                .flatten()
                .linear("fc", 3)
                .build();
    }

    private static Settings settings(int threads, @Nullable Path checkpoint, double rate) {
        return new Settings(
                4,
                16,
                rate,
                new Schedule.Cosine(),
                Recipe.of(new Loss.CrossEntropy(0), new Optimizer.Sgd(0.9, 1e-4, false)),
                StepOptions.DEFAULT,
                Normalize.NONE,
                new Augmentation(1, true, 0),
                7,
                threads,
                null,
                checkpoint,
                20);
    }

    private static Trainer trainer(int threads, Path checkpoint) {
        return new Trainer(network(), BARS, settings(threads, checkpoint, 0.05), Progress.SILENT);
    }

    @Test
    void learns() throws InterruptedException {
        Trainer trainer = new Trainer(network(), BARS, settings(2, null, 0.05), Progress.SILENT);
        assertThat(trainer.train()).isTrue();
        assertThat(trainer.history()).hasSize(4);
        assertThat(trainer.history().getLast().validationAccuracy()).isGreaterThan(0.9);
        Evaluator evaluator =
                new Evaluator(trainer.trained(), new Loss.CrossEntropy(0), Normalize.NONE, 1);
        assertThat(evaluator.score(BARS.validation()).accuracy())
                .isEqualTo(trainer.history().getLast().validationAccuracy());
    }

    @Test
    void goesOnAsIfNothingHadHappened(@TempDir Path folder) throws InterruptedException {
        Trainer whole = trainer(1, folder.resolve("whole"));
        whole.train();
        Path checkpoint = folder.resolve("parts");
        int runs = 0;
        for (boolean over = false; !over; runs++) {
            Trainer[] part = new Trainer[1];
            int stopAfter = 5 + runs;
            Progress progress =
                    new Progress() {
                        private int steps;

                        @Override
                        public void step(
                                int epoch,
                                long done,
                                long steps,
                                double loss,
                                double accuracy,
                                double rate,
                                double secondsLeft) {
                            if (++this.steps == stopAfter) {
                                part[0].stop();
                            }
                        }
                    };
            part[0] =
                    new Trainer(
                            network(), BARS, settings(1 + runs % 3, checkpoint, 0.05), progress);
            over = part[0].train();
            if (over) {
                assertThat(text(part[0])).isEqualTo(text(whole));
                assertThat(part[0].history().getLast().loss())
                        .isEqualTo(whole.history().getLast().loss());
            }
        }
        assertThat(runs).isGreaterThan(3);
    }

    private static String text(Trainer trainer) {
        return GraphPrinter.print(trainer.trained());
    }

    @Test
    void rejectsTheCheckpointOfAnotherRun(@TempDir Path folder) throws InterruptedException {
        Path checkpoint = folder.resolve("c");
        trainer(1, checkpoint).train();
        assertThatThrownBy(
                        () ->
                                new Trainer(
                                        network(),
                                        BARS,
                                        settings(1, checkpoint, 0.1),
                                        Progress.SILENT))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("another run");
    }

    @Test
    void rejectsADamagedCheckpoint(@TempDir Path folder) throws Exception {
        Path checkpoint = folder.resolve("c");
        trainer(1, checkpoint).train();
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[bytes.length / 2] ^= 1;
        Files.write(checkpoint, bytes);
        assertThatThrownBy(() -> trainer(1, checkpoint))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void keepsTheLastCheckpointWhenTheLossIsNoNumber(@TempDir Path folder)
            throws InterruptedException, IOException {
        Path checkpoint = folder.resolve("c");
        Trainer trainer =
                new Trainer(network(), BARS, settings(1, checkpoint, 1e30), Progress.SILENT);
        assertThatThrownBy(trainer::train)
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("learning rate");
    }

    @Test
    void rejectsMoreClassesThanScores() {
        Split data = new Split(new Bars(150, 4), new Bars(60, 4));
        assertThatThrownBy(
                        () -> new Trainer(network(), data, settings(1, null, 0.1), Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("scores 3 classes")
                .hasMessageContaining("4");
    }
}
