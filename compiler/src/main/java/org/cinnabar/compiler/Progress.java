package org.cinnabar.compiler;

/** Is told what the compiler is doing. */
@FunctionalInterface
public interface Progress {
    /** Says nothing. */
    Progress SILENT = (_, _, _) -> {};

    /** {@code stage} begins, after {@code done} of {@code total} stages. */
    void begin(String stage, int done, int total);
}
