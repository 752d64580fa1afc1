package org.cinnabar.compiler;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.cinnabar.frontend.Imported;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.runtime.ModelCard;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Signature;

/** The text in a jar that says how it came to be. */
final class Provenance {
    private static final int CHUNK = 1 << 20;

    private Provenance() {}

    static String text(
            ModelCard card,
            Imported imported,
            Signature signature,
            List<Target> targets,
            Report report) {
        return """
                model: %s
                sha256: %s
                producer: %s
                opset: %d
                compiler: cinnabar %s
                options: %s
                inputs: %s
                outputs: %s
                batch: %s
                targets: %s
                parameters: %d
                macs: %d
                weights: %d bytes
                arena: %d bytes
                """
                        .formatted(
                                card.name(),
                                card.modelHash(),
                                imported.producer(),
                                imported.opset(),
                                card.compiler(),
                                card.options(),
                                ports(signature.inputs()),
                                ports(signature.outputs()),
                                signature.batchable() ? "any" : "as compiled",
                                targets(targets),
                                report.parameters(),
                                report.macs(),
                                report.weightBytes(),
                                report.arenaBytes())
                + report.text();
    }

    private static String ports(List<Port> ports) {
        return ports.stream()
                .map(port -> port.name() + " " + port.shapeText())
                .collect(Collectors.joining(", "));
    }

    private static String targets(List<Target> targets) {
        return targets.stream()
                .map(target -> target.lanes() == 1 ? "scalar" : target.lanes() + " lanes")
                .collect(Collectors.joining(", "));
    }

    /**
     * SHA-256 of {@code file} in hexadecimal.
     *
     * @throws CompileException if it cannot be read
     */
    static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[CHUNK];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                digest.update(chunk, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchFileException e) {
            throw new CompileException(
                    List.of(file + ": expected a model, got no such file; check the path"), e);
        } catch (IOException e) {
            throw new CompileException(
                    List.of(file + ": expected a readable model, got " + e.getMessage()), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }
}
