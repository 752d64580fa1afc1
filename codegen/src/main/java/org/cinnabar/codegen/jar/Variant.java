package org.cinnabar.codegen.jar;

import java.lang.constant.ClassDesc;
import java.util.Map;

/**
 * The compiled code of a model for one vector width.
 *
 * @param lanes floats per vector: 16, 8 or 4; 0 for code that uses no vectors
 * @param program the class that extends {@link org.cinnabar.runtime.Program}, with a constructor
 *     that takes nothing
 * @param classes the class files of the program and of what it uses
 */
public record Variant(int lanes, ClassDesc program, Map<ClassDesc, byte[]> classes) {
    /** Rejects other numbers of lanes and a program without a class file. */
    public Variant {
        if (lanes != 0 && lanes != 4 && lanes != 8 && lanes != 16) {
            throw new IllegalArgumentException("no vector has " + lanes + " floats");
        }
        if (!classes.containsKey(program)) {
            throw new IllegalArgumentException(
                    "program " + program.displayName() + " is not among the classes");
        }
        classes = Map.copyOf(classes);
    }
}
