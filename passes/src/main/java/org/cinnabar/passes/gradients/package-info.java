/**
 * Reverse-mode differentiation. {@link org.cinnabar.passes.gradients.Gradients} walks a graph from
 * a scalar back to what it depends on; every core op has one row that says how a gradient passes
 * through it. Gradients are nodes of the same IR, so that simplification, lowering and code
 * generation apply to them. {@link org.cinnabar.passes.gradients.Policies} are the ways in which
 * gradients pass through stored numbers that are not plain.
 */
package org.cinnabar.passes.gradients;
