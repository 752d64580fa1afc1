/**
 * The passes of the compiler; {@link org.cinnabar.passes.Pipelines} says which run, in which order.
 */
package org.cinnabar.passes;
