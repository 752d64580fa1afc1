package org.cinnabar.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SheetTest {
    private final Sheet sheet = new Sheet("name", "ms");

    @Test
    void writesTheSameRowsInEveryFormat() {
        sheet.add("a,\"b\"", 1.5);
        sheet.add("c", Double.NaN);
        assertThat(sheet.csv()).isEqualTo("name,ms\n\"a,\"\"b\"\"\",1.5\nc,\n");
        assertThat(sheet.json())
                .isEqualTo(
                        """
                        [
                          {"name": "a,\\"b\\"", "ms": 1.5},
                          {"name": "c", "ms": null}
                         ]""");
        assertThat(sheet.markdown())
                .isEqualTo("| name | ms |\n| --- | ---: |\n| a,\"b\" | 1.500 |\n| c | - |\n");
        assertThat(sheet.table()).isEqualTo("name      ms\na,\"b\"  1.500\nc          -\n");
    }

    @Test
    void rejectsRowsOfAnotherLength() {
        assertThatThrownBy(() -> sheet.add("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected 2 values, got 1");
    }

    @Test
    void readsMediansFromProfiles() {
        String profile =
                """
                [{"cat" : "Node","pid" :1,"tid" :2,"dur" :30,"ts" :4,"ph" : "X","name" :"conv_kernel_time","args" : {"op_name" : "Conv"}},
                {"cat" : "Node","pid" :1,"tid" :2,"dur" :10,"ts" :5,"ph" : "X","name" :"conv_kernel_time","args" : {"op_name" : "Conv"}},
                {"cat" : "Node","pid" :1,"tid" :2,"dur" :99,"ts" :5,"ph" : "X","name" :"conv_fence_after","args" : {}}]
                """;
        assertThat(Layers.medians(profile)).isEqualTo(Map.of("conv", 20.0));
    }
}
