package org.cinnabar.truffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Session;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.ByteSequence;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.junit.jupiter.api.Test;

/** Runs on the runtime that the system property {@code cinnabar.truffle} names. */
class OnnxLanguageTest {
    private static final File FASHION = new File("../examples/fashion/fashion.onnx");

    private static Context context() {
        return Context.newBuilder("onnx").allowAllAccess(true).build();
    }

    private static float[] image() {
        float[] image = new float[28 * 28];
        Random random = new Random(3);
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextFloat();
        }
        return image;
    }

    private static float[] expected() {
        Model model = Compiler.compile(FASHION.toPath(), Options.DEFAULTS).load();
        float[] logits = new float[10];
        Session session = model.session();
        session.input(0).bind(image());
        session.output(0).bind(logits);
        session.run();
        return logits;
    }

    @Test
    void runsModelsOnTheRuntimeAskedFor() throws Exception {
        try (Context context = context()) {
            assertThat(context.getEngine().getImplementationName())
                    .contains(System.getProperty("cinnabar.truffle"));
            Value model = context.eval(Source.newBuilder("onnx", FASHION).build());
            float[] expected = expected();
            assertThat(model.execute((Object) image()).as(float[].class)).isEqualTo(expected);
            ByteBuffer buffer = ByteBuffer.allocate(4 * 28 * 28).order(ByteOrder.nativeOrder());
            buffer.asFloatBuffer().put(image());
            assertThat(model.execute(buffer).as(float[].class)).isEqualTo(expected);
            assertThat(model.execute(Map.of("image", image())).as(float[].class))
                    .isEqualTo(expected);
        }
    }

    @Test
    void takesAndGivesArraysAndBuffersOfAnyLanguage() throws Exception {
        try (Context context = context()) {
            Value model = context.eval(Source.newBuilder("onnx", FASHION).build());
            Object[] numbers = new Object[28 * 28];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = image()[i];
            }
            Value logits = model.execute(ProxyArray.fromArray(numbers));
            float[] expected = expected();
            assertThat(logits.as(float[].class)).isEqualTo(expected);
            assertThat(logits.getBufferSize()).isEqualTo(4 * 10);
            for (int i = 0; i < expected.length; i++) {
                assertThat(logits.getArrayElement(i).asFloat()).isEqualTo(expected[i]);
                assertThat(logits.readBufferFloat(ByteOrder.nativeOrder(), 4L * i))
                        .isEqualTo(expected[i]);
            }
            byte[] bytes = new byte[4];
            logits.readBuffer(4, bytes, 0, 4);
            assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getFloat())
                    .isEqualTo(expected[1]);
            assertThatThrownBy(() -> logits.readBufferFloat(ByteOrder.nativeOrder(), 4 * 10))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void runsBatchesAndSeveralCallsWithoutMixingThem() throws Exception {
        try (Context context = context()) {
            Value model = context.eval(Source.newBuilder("onnx", FASHION).build());
            float[] two = new float[2 * 28 * 28];
            System.arraycopy(image(), 0, two, 28 * 28, 28 * 28);
            Value both = model.execute((Object) two);
            Value alone = model.execute((Object) image());
            assertThat(both.getArraySize()).isEqualTo(20);
            assertThat(Arrays.copyOfRange(both.as(float[].class), 10, 20))
                    .isEqualTo(alone.as(float[].class))
                    .isEqualTo(expected());
        }
    }

    @Test
    void describesModels() throws Exception {
        try (Context context = context()) {
            Value model = context.eval(Source.newBuilder("onnx", FASHION).build());
            assertThat(model.canExecute()).isTrue();
            assertThat(model.getMemberKeys()).containsExactly("name", "inputs", "outputs");
            Value input = model.getMember("inputs").getArrayElement(0);
            assertThat(input.getMember("name").asString()).isEqualTo("image");
            assertThat(input.getMember("shape").as(int[].class)).containsExactly(1, 1, 28, 28);
            assertThat(model.toString()).contains("image", "logits");
        }
    }

    @Test
    void throwsPolyglotExceptions() throws Exception {
        try (Context context = context()) {
            Source bad =
                    Source.newBuilder("onnx", ByteSequence.create(new byte[] {1, 2, 3}), "bad")
                            .build();
            PolyglotException parsing =
                    catchThrowableOfType(PolyglotException.class, () -> context.eval(bad));
            assertThat(parsing.isSyntaxError()).isTrue();
            assertThat(parsing.isInternalError()).isFalse();
            Value model = context.eval(Source.newBuilder("onnx", FASHION).build());
            PolyglotException calling =
                    catchThrowableOfType(
                            PolyglotException.class,
                            () -> model.execute((Object) new float[27 * 28]));
            assertThat(calling.isGuestException()).isTrue();
            assertThat(calling).hasMessageContaining("input 'image' takes 1x28x28");
            PolyglotException text =
                    catchThrowableOfType(PolyglotException.class, () -> model.execute("text"));
            assertThat(text).hasMessageContaining("takes an array or a buffer of numbers");
            assertThat(text.isGuestException()).isTrue();
            PolyglotException words =
                    catchThrowableOfType(
                            PolyglotException.class,
                            () -> model.execute(ProxyArray.fromArray("one", "two")));
            assertThat(words).hasMessageContaining("input 'image' holds something that is no");
            assertThat(words.isInternalError()).isFalse();
            PolyglotException member =
                    catchThrowableOfType(
                            PolyglotException.class,
                            () -> model.execute(Map.of("picture", image())));
            assertThat(member.isInternalError()).isFalse();
            assertThatThrownBy(() -> model.execute()).isInstanceOf(IllegalArgumentException.class);
            assertThat(model.getMember("unknown")).isNull();
        }
    }
}
