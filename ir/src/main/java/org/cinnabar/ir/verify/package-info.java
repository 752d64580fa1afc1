/**
 * What must hold of a graph at each {@link org.cinnabar.ir.verify.Stage} of compilation, checked by
 * {@link org.cinnabar.ir.verify.Verifier} at the start and after every pass.
 */
package org.cinnabar.ir.verify;
