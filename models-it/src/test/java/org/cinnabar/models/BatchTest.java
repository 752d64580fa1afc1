package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cinnabar.runtime.Images;
import org.cinnabar.runtime.Npy;
import org.cinnabar.runtime.Preprocessing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How inputs are batched and work is divided changes no bit of the results. */
class BatchTest {
    private static final int ITEM = 3 * 224 * 224;
    private static final int CLASSES = 1001;

    @TempDir Path folder;

    private ModelJar jar;
    private LoadedModel model;

    /** Three different photographs, one after the other. */
    private float[] batch;

    /** What the model makes of {@link #batch}. */
    private float[] scores;

    @BeforeEach
    void loadMobilenet() throws Throwable {
        jar = ModelJar.compile(Shared.model("mobilenet-v2-1.0-224"), folder);
        model = jar.load();
        batch = new float[3 * ITEM];
        photograph("china", 1, 0);
        photograph("flower", 1, 1);
        photograph("china", -1, 2);
        scores = model.run(batch);
    }

    private void photograph(String name, float scale, int at) throws Exception {
        Preprocessing preprocessing =
                Preprocessing.DEFAULT.withScale(scale / 127.5f).withMean(List.of(scale));
        float[] values = Images.read(Shared.photograph(name), List.of(3, 224, 224), preprocessing);
        System.arraycopy(values, 0, batch, at * ITEM, ITEM);
    }

    private float[] item(int index) {
        return Arrays.copyOfRange(batch, index * ITEM, (index + 1) * ITEM);
    }

    private float[] scores(int index) {
        return Arrays.copyOfRange(scores, index * CLASSES, (index + 1) * CLASSES);
    }

    @Test
    void batchIsItsItemsOneByOne() throws Throwable {
        for (int i = 0; i < 3; i++) {
            assertThat(model.run(item(i))).as("item %s", i).isEqualTo(scores(i));
        }
    }

    @Test
    void commandLineTakesBatches() throws Exception {
        Path input = folder.resolve("batch.npy");
        new Npy(List.of(3, 3, 224, 224), batch).write(input);
        assertThat(jar.start(input, "-Dcinnabar.vector=on")).isEqualTo(scores);
    }

    @Test
    void numberOfThreadsChangesNothing() throws Throwable {
        for (int threads = 1; threads <= 3; threads++) {
            assertThat(model.run(batch, threads)).as("%s threads", threads).isEqualTo(scores);
        }
    }

    @Test
    void callersRunAtOnce() throws Throwable {
        List<Callable<float[]>> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            float[] own = item(caller % 3);
            LoadedModel.Runner runner = model.runner();
            callers.add(
                    () -> {
                        float[] output = new float[CLASSES];
                        for (int run = 0; run < 10; run++) {
                            runner.run(own, output);
                        }
                        return output;
                    });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(callers.size())) {
            List<Future<float[]>> results = threads.invokeAll(callers);
            for (int caller = 0; caller < callers.size(); caller++) {
                assertThat(results.get(caller).get())
                        .as("caller %s", caller)
                        .isEqualTo(scores(caller % 3));
            }
        }
    }
}
