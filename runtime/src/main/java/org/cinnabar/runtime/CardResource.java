package org.cinnabar.runtime;

import org.jspecify.annotations.Nullable;

/** A model's card in a resource; a native executable reads it while it is built. */
public final class CardResource {
    private final Class<?> anchor;
    private final String resource;
    private final @Nullable ModelCard within;

    /** The card in {@code resource}, resolved from {@code anchor}. */
    public CardResource(Class<?> anchor, String resource) {
        this.anchor = anchor;
        this.resource = resource;
        this.within = Executable.NATIVE ? ModelCard.load(anchor, resource) : null;
    }

    /** The card; fails as {@link ModelCard#load} does. */
    public ModelCard card() {
        return within == null ? ModelCard.load(anchor, resource) : within;
    }
}
