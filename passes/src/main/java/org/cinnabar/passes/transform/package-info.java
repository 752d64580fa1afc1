/**
 * Fast linear transforms as straight-line programs. A {@link org.cinnabar.passes.transform.Circuit}
 * of additions and multiplications by constants is built by evaluating a recursive algorithm on
 * symbols, which shares common terms and drops what a zero or symmetric input makes superfluous;
 * {@link org.cinnabar.passes.transform.Codelet} writes it in the loop IR.
 *
 * <p>{@link org.cinnabar.passes.transform.Fourier}, {@link org.cinnabar.passes.transform.Cosine}
 * and {@link org.cinnabar.passes.transform.WalshHadamard} are the transforms there are.
 */
package org.cinnabar.passes.transform;
