package org.cinnabar.codegen.jar;

import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What native-image must be told about a model's jar, in files where it looks for them: that
 * vectors become instructions, that weights and the card are read while the image is built, which
 * resources remain.
 */
final class ImageMetadata {
    private ImageMetadata() {}

    /** Entries of the jar of {@code classes}, by internal name, and what they hold. */
    static Map<String, byte[]> of(ClassDesc model, Set<String> classes) {
        String name = model.packageName();
        String folder = "META-INF/native-image/" + name + "/";
        String properties =
                "Args = --add-modules=jdk.incubator.vector -H:+UnlockExperimentalVMOptions"
                        + " -H:+VectorAPISupport --initialize-at-build-time="
                        + String.join(",", classes).replace('/', '.')
                        + "\n";
        String reachability =
                """
                {
                  "resources": [
                    { "glob": "%s" }
                  ]
                }
                """
                        .formatted(name.replace('.', '/') + "/" + JarWriter.CARD);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(
                folder + "native-image.properties", properties.getBytes(StandardCharsets.UTF_8));
        entries.put(
                folder + "reachability-metadata.json",
                reachability.getBytes(StandardCharsets.UTF_8));
        return entries;
    }
}
