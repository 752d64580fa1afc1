/**
 * Runs a compiled model.
 *
 * <p>A {@link org.cinnabar.runtime.Model} is a {@link org.cinnabar.runtime.Program} (its compiled
 * steps), its weights and a {@link org.cinnabar.runtime.Signature} (its named inputs and outputs).
 * A {@link org.cinnabar.runtime.Session} is one place to run it in: an arena of activations and the
 * {@link org.cinnabar.runtime.Slot}s that tie the caller's memory to inputs and outputs. {@link
 * org.cinnabar.runtime.Launcher} is the command line of a model's jar.
 *
 * <p>An inference allocates nothing once its code is compiled.
 */
package org.cinnabar.runtime;
