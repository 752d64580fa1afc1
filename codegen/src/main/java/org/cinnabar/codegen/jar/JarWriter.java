package org.cinnabar.codegen.jar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.runtime.AtomicFile;

/** Writes an {@link Artefact} as a jar; the package's description shows its contents. */
public final class JarWriter {
    static final String CARD = "card.properties";
    static final String WEIGHTS = "weights.f32";

    // The first moment whose zip form does not depend on the time zone is after 1 January 1980.
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private JarWriter() {}

    /**
     * Writes {@code artefact} to {@code jar}, completely or not at all. Equal artefacts give equal
     * bytes. Rejects a model or program with the name of one of the runtime's classes.
     */
    public static void write(Artefact artefact, Path jar) throws IOException {
        FloatBytes weights = FloatBytes.of(artefact.weights());
        Map<String, byte[]> entries = entries(artefact, weights.crc32c());
        String folder = folder(artefact);
        AtomicFile.write(
                jar,
                out -> {
                    try (ZipOutputStream zip = new ZipOutputStream(out)) {
                        zip.setMethod(ZipOutputStream.STORED);
                        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                            byte[] bytes = entry.getValue();
                            CRC32 crc = new CRC32();
                            crc.update(bytes);
                            begin(zip, entry.getKey(), bytes.length, crc.getValue());
                            zip.write(bytes);
                        }
                        begin(zip, folder + WEIGHTS, weights.size(), weights.crc32());
                        weights.write(zip);
                    }
                });
    }

    private static void begin(ZipOutputStream zip, String name, long size, long crc)
            throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        entry.setSize(size);
        entry.setCrc(crc);
        zip.putNextEntry(entry);
    }

    /** Everything but the weights, in order. */
    private static Map<String, byte[]> entries(Artefact artefact, int checksum) {
        Map<String, byte[]> classes =
                Relocation.into(artefact.model().packageName(), generated(artefact, checksum));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(JarFile.MANIFEST_NAME, manifest(artefact));
        entries.put(
                "META-INF/cinnabar/" + artefact.model().packageName() + "/provenance.txt",
                artefact.provenance().getBytes(StandardCharsets.UTF_8));
        entries.put(
                "META-INF/cinnabar/" + artefact.model().packageName() + "/choices.tsv",
                artefact.choices().getBytes(StandardCharsets.UTF_8));
        entries.putAll(ImageMetadata.of(artefact.model(), classes.keySet()));
        entries.put("module-info.class", ModuleDescriptor.of(artefact.model()));
        entries.put(
                folder(artefact) + CARD, artefact.card().text().getBytes(StandardCharsets.UTF_8));
        classes.forEach((name, bytes) -> entries.put(name + ".class", bytes));
        return entries;
    }

    private static Map<String, byte[]> generated(Artefact artefact, int checksum) {
        Map<String, byte[]> classes = new TreeMap<>();
        for (Variant variant : artefact.variants()) {
            variant.classes().forEach((name, bytes) -> add(name, bytes, classes));
        }
        for (ClassModel generated :
                new ClassModel[] {
                    ModelClass.of(artefact, checksum), MainClass.of(artefact.model())
                }) {
            add(generated.name(), generated.toBytes(), classes);
        }
        return classes;
    }

    private static void add(ClassDesc name, byte[] bytes, Map<String, byte[]> classes) {
        String descriptor = name.descriptorString();
        byte[] other = classes.put(descriptor.substring(1, descriptor.length() - 1), bytes);
        if (other != null && !Arrays.equals(other, bytes)) {
            throw new IllegalArgumentException(
                    "two classes are called " + name.packageName() + "." + name.displayName());
        }
    }

    private static byte[] manifest(Artefact artefact) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, artefact.model().packageName() + ".Main");
        attributes.put(Attributes.Name.IMPLEMENTATION_TITLE, artefact.card().name());
        attributes.put(Attributes.Name.IMPLEMENTATION_VERSION, artefact.card().modelHash());
        attributes.putValue("Created-By", "Cinnabar " + artefact.card().compiler());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            manifest.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String folder(Artefact artefact) {
        return artefact.model().packageName().replace('.', '/') + "/";
    }
}
