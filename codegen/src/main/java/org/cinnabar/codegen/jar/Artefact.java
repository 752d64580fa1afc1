package org.cinnabar.codegen.jar;

import java.lang.constant.ClassDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cinnabar.runtime.ModelCard;
import org.cinnabar.runtime.Signature;

/**
 * A compiled model, complete: what {@link JarWriter} writes.
 *
 * @param model the class that users of the library will see; its package holds everything
 * @param signature inputs, outputs and arena
 * @param card what the jar's command line knows about the model
 * @param variants the code for each vector width, one of them for none
 * @param weights the weights in order, in as many pieces as there happen to be
 * @param provenance text on how the jar came to be: options, choices, hashes
 * @param choices table of what could have computed each layer
 */
public record Artefact(
        ClassDesc model,
        Signature signature,
        ModelCard card,
        List<Variant> variants,
        List<float[]> weights,
        String provenance,
        String choices) {
    /**
     * Rejects a model without a package, classes outside it, two variants of one width, variants
     * without one that needs no vectors, and more than 2^31 - 1 weights.
     */
    public Artefact {
        variants = List.copyOf(variants);
        weights = List.copyOf(weights);
        if (!model.isClassOrInterface() || model.packageName().isEmpty()) {
            throw new IllegalArgumentException(
                    "a model needs a class in a package, got " + model.descriptorString());
        }
        Set<Integer> widths = new HashSet<>();
        for (Variant variant : variants) {
            requirePackage(model.packageName(), variant);
            if (!widths.add(variant.lanes())) {
                throw new IllegalArgumentException(
                        model.displayName() + " has two variants of " + variant.lanes() + " lanes");
            }
        }
        if (!widths.contains(0)) {
            throw new IllegalArgumentException(
                    model.displayName() + " has no variant without vectors, only " + widths);
        }
        long count = 0;
        for (float[] piece : weights) {
            count += piece.length;
        }
        if (count > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    model.displayName() + " has " + count + " weights, more than one array holds");
        }
    }

    private static void requirePackage(String name, Variant variant) {
        for (ClassDesc type : variant.classes().keySet()) {
            if (!type.packageName().equals(name)) {
                throw new IllegalArgumentException(
                        "class "
                                + type.packageName()
                                + "."
                                + type.displayName()
                                + " lies outside the model's package "
                                + name);
            }
        }
    }

    int weightCount() {
        return weights.stream().mapToInt(piece -> piece.length).sum();
    }
}
