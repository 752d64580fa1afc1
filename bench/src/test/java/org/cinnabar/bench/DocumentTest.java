package org.cinnabar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private final Document document = new Document();

    DocumentTest() {
        Sheet layers = new Sheet("model", "layer");
        layers.add("m", "conv");
        Sheet models = new Sheet("model", "ms");
        models.add("m", 1.5);
        document.add("layers", layers);
        document.add("models", models);
        document.begin("# both");
        document.conclude("all in all");
    }

    private String text(Sheet.Format format) {
        StringWriter text = new StringWriter();
        document.print(format, new PrintWriter(text));
        return text.toString();
    }

    @Test
    void isOneTextInEveryFormat() {
        assertThat(text(Sheet.Format.CSV))
                .isEqualTo("sheet,model,layer,ms\nlayers,m,conv,\nmodels,m,,1.5\n");
        assertThat(text(Sheet.Format.JSON))
                .isEqualTo(
                        """
                        {"layers": [
                          {"model": "m", "layer": "conv"}
                         ],
                         "models": [
                          {"model": "m", "ms": 1.5}
                         ],
                         "summary": "all in all"}
                        """);
        assertThat(text(Sheet.Format.MARKDOWN))
                .isEqualTo(
                        """
                        # both

                        | model | layer |
                        | --- | --- |
                        | m | conv |

                        | model | ms |
                        | --- | ---: |
                        | m | 1.500 |

                        all in all
                        """);
        assertThat(text(Sheet.Format.TABLE))
                .isEqualTo("model  layer\nm      conv\n\nmodel     ms\nm      1.500\nall in all\n");
    }
}
