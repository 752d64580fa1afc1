package org.cinnabar.truffle;

import com.oracle.truffle.api.CallTarget;
import com.oracle.truffle.api.TruffleFile;
import com.oracle.truffle.api.TruffleLanguage;
import com.oracle.truffle.api.source.Source;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cinnabar.compiler.CompileException;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.cinnabar.runtime.Model;
import org.jspecify.annotations.Nullable;

/** Compiles sources, which are ONNX files, to executable values. */
@TruffleLanguage.Registration(
        id = OnnxLanguage.ID,
        name = "ONNX",
        implementationName = "Cinnabar",
        defaultMimeType = OnnxLanguage.MIME,
        byteMimeTypes = OnnxLanguage.MIME,
        contextPolicy = TruffleLanguage.ContextPolicy.SHARED,
        fileTypeDetectors = OnnxLanguage.Detector.class)
public final class OnnxLanguage extends TruffleLanguage<OnnxLanguage.State> {
    static final String ID = "onnx";
    static final String MIME = "application/onnx";

    private static final ContextReference<State> CONTEXT =
            ContextReference.create(OnnxLanguage.class);

    /** What a context holds; models do not depend on one. */
    record State(Env env) {}

    /** For the polyglot engine. */
    public OnnxLanguage() {}

    @Override
    protected State createContext(Env env) {
        return new State(env);
    }

    /** The environment of the current context. */
    static Env env() {
        return CONTEXT.get(null).env();
    }

    @Override
    protected boolean isThreadAccessAllowed(Thread thread, boolean singleThreaded) {
        return true;
    }

    @Override
    protected CallTarget parse(ParsingRequest request) throws IOException {
        Source source = request.getSource();
        Model model = compile(source, source.getBytes().toByteArray());
        return new ModelRoot(this, new ModelValue(model)).getCallTarget();
    }

    private static Model compile(Source source, byte[] bytes) throws IOException {
        Path file = Files.createTempFile("model", ".onnx");
        try {
            Files.write(file, bytes);
            return Compiler.compile(file, Options.DEFAULTS).load();
        } catch (CompileException e) {
            throw new OnnxException(
                    source.getName() + ": " + String.join("\n", e.problems()), source);
        } finally {
            Files.delete(file);
        }
    }

    /** Tells ONNX files by their names. */
    public static final class Detector implements TruffleFile.FileTypeDetector {
        /** For the polyglot engine. */
        public Detector() {}

        @Override
        public @Nullable String findMimeType(TruffleFile file) {
            String name = file.getName();
            return name != null && name.endsWith(".onnx") ? MIME : null;
        }

        @Override
        public @Nullable Charset findEncoding(TruffleFile file) {
            return null;
        }
    }
}
