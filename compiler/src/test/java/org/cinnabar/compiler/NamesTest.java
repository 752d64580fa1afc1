package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
    @ParameterizedTest
    @CsvSource({
        "resnet50,                resnet50.Resnet50",
        "mobilenet-v2-1.0-224,    mobilenetv2_1_0_224.MobilenetV2_1_0_224",
        "mobilenet_v2_quant,      mobilenetv2quant.MobilenetV2Quant",
        "yolox_nano,              yoloxnano.YoloxNano",
        "3d-net,                  model3dnet.Model3dNet",
        "model,                   modelnet.ModelNet",
        "main,                    mainnet.MainNet",
        "switch,                  switch_.Switch",
        "网络,                     modelnet.ModelNet",
    })
    void makesAClassOfAModelsName(String model, String name) {
        var type = Names.type(model, "");
        assertThat(type.packageName() + "." + type.displayName())
                .isEqualTo("cinnabar.models." + name);
    }

    @Test
    void takesTheNameAskedFor() {
        var type = Names.type("resnet50", "com.example.Classifier");
        assertThat(type.packageName()).isEqualTo("com.example");
        assertThat(type.displayName()).isEqualTo("Classifier");
        assertThat(Names.type("resnet50", "Classifier").packageName())
                .isEqualTo("cinnabar.models.classifier");
    }

    @Test
    void rejectsNamesThatNoClassCanHave() {
        for (String name : new String[] {"a-b", "1a", "a..b", "int", "com.class.X", " "}) {
            assertThatThrownBy(() -> Options.DEFAULTS.withClassName(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got '" + name + "'");
        }
        assertThatThrownBy(() -> Options.DEFAULTS.withClassName("a.Main"))
                .hasMessageContaining("than Main");
    }

    @Test
    void modelIsTheFileWithoutItsEnding() {
        assertThat(Names.model(Path.of("a", "b.c.onnx"))).isEqualTo("b.c");
        assertThat(Names.model(Path.of("net.bin"))).isEqualTo("net.bin");
    }
}
