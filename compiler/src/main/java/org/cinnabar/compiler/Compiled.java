package org.cinnabar.compiler;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.jar.Artefact;
import org.cinnabar.codegen.jar.JarWriter;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Signature;

/**
 * A compiled model.
 *
 * @param artefact code and weights, complete
 * @param programs the generated code, which also renders as Java for people to read
 * @param report how it was compiled
 * @param warnings what was doubtful about the model, one line each
 */
public record Compiled(
        Artefact artefact, List<ClassModel> programs, Report report, List<String> warnings) {
    /** Copies the lists. */
    public Compiled {
        programs = List.copyOf(programs);
        warnings = List.copyOf(warnings);
    }

    /** Inputs and outputs. */
    public Signature signature() {
        return artefact.signature();
    }

    /** Writes one self-contained jar, completely or not at all. */
    public void write(Path jar) throws IOException {
        JarWriter.write(artefact, jar);
    }

    /** The model in this JVM, with the widest code that it runs. */
    public Model load() {
        return LoadedModel.of(artefact);
    }
}
