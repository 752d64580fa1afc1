package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.cinnabar.models.LabelledImages.Normalisation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trained models classify as well as they did where they were trained, image for image. */
class AccuracyTest {
    private static final float[] CIFAR_MEAN = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] CIFAR_STD = {0.2470f, 0.2435f, 0.2616f};

    @TempDir Path folder;

    @Test
    void lenetReadsDigits() throws Throwable {
        double accuracy =
                accuracy("lenet-caffe-mnist", LabelledImages.mnist(), (_, pixel) -> pixel / 256f);
        assertThat(accuracy).isGreaterThanOrEqualTo(99.1);
    }

    @Test
    void binaryNetworkReadsDigits() throws Throwable {
        double accuracy =
                accuracy("tfc-1w1a-mnist", LabelledImages.mnist(), (_, pixel) -> pixel / 255f);
        assertThat(accuracy).isEqualTo(92.96, within(0.2));
    }

    @Test
    void resnet8RecognisesObjects() throws Throwable {
        double accuracy =
                accuracy("resnet8-cifar10", LabelledImages.cifar10(folder), (_, pixel) -> pixel);
        assertThat(accuracy).isEqualTo(88.1, within(0.2));
    }

    @Test
    void resnet20RecognisesObjects() throws Throwable {
        Normalisation byChannel = (c, pixel) -> (pixel / 255f - CIFAR_MEAN[c]) / CIFAR_STD[c];
        double accuracy = accuracy("resnet20-cifar10", LabelledImages.cifar10(folder), byChannel);
        assertThat(accuracy).isEqualTo(91.5, within(0.2));
    }

    private double accuracy(String name, LabelledImages images, Normalisation normalisation)
            throws Throwable {
        Path model = Shared.model(name);
        float[] batch = images.batch(normalisation);
        float[] scores = ModelJar.compile(model, folder).load().run(batch);
        double accuracy = images.accuracy(scores);
        Figures.record(name, images.count() + " images", accuracy + " % right");
        float[] expected = OnnxRuntime.run(model, images.batchShape(), batch).getFirst();
        MaxNorm.check(name, images.count() + " images, ONNX Runtime", expected, scores);
        return accuracy;
    }
}
