package org.cinnabar.codegen.jar;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cinnabar.runtime.Model;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** Moves the runtime into another package, together with the classes that refer to it. */
final class Relocation extends Remapper {
    private static final String RUNTIME = Model.class.getPackageName().replace('.', '/') + "/";

    private final String target;
    private final Set<String> seen = new HashSet<>();
    private final Deque<String> referred = new ArrayDeque<>();

    private Relocation(String target) {
        super(Opcodes.ASM9);
        this.target = target.replace('.', '/') + "/";
    }

    /**
     * The {@code classes} by internal name, and with them every class of the runtime that they
     * need, all referring to the runtime in {@code target}. Rejects classes that have the name of
     * one of the runtime's.
     */
    static SortedMap<String, byte[]> into(String target, Map<String, byte[]> classes) {
        Relocation relocation = new Relocation(target);
        SortedMap<String, byte[]> relocated = new TreeMap<>();
        classes.forEach((name, bytes) -> relocated.put(name, relocation.apply(bytes)));
        while (!relocation.referred.isEmpty()) {
            String name = relocation.referred.remove();
            byte[] moved = relocation.apply(runtimeClass(name));
            if (relocated.put(relocation.map(name), moved) != null) {
                throw new IllegalArgumentException(
                        "class "
                                + relocation.map(name).replace('/', '.')
                                + " has the name of a class of the runtime; choose another");
            }
        }
        return relocated;
    }

    @Override
    public String map(String internalName) {
        if (!internalName.startsWith(RUNTIME)) {
            return internalName;
        }
        if (seen.add(internalName)) {
            referred.add(internalName);
        }
        return target + internalName.substring(RUNTIME.length());
    }

    private byte[] apply(byte[] classFile) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(classFile).accept(new ClassRemapper(writer, this), 0);
        return writer.toByteArray();
    }

    private static byte[] runtimeClass(String internalName) {
        String file = internalName.substring(RUNTIME.length()) + ".class";
        try (InputStream in = Model.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the compiler lacks the runtime's " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
