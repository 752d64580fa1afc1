/**
 * Simplification: the rules that bring an imported graph into its canonical form. Every rule is a
 * named value whose comment draws before → after; {@link
 * org.cinnabar.passes.simplify.Simplifications} lists them.
 *
 * <p>In the comments {@code c, a, b} are constants, {@code x, y} any values, {@code W} a weight.
 */
package org.cinnabar.passes.simplify;
