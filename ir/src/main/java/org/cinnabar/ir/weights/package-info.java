/**
 * Weights as structure × encoding. {@link org.cinnabar.ir.weights.LinearMap} says how a weight
 * acts, {@link org.cinnabar.ir.weights.Encoded} how its numbers are stored; the two compose freely.
 *
 * <pre>
 * map     ::= matrix(encoded[m,n]) | diagonal(encoded[n]) | product(map, map, ...)
 * encoded ::= f32[shape] values
 * </pre>
 *
 * <p>Laws, checked over every permitted type: {@code apply(map, x) = dense(map)·x}, and parsing
 * what was printed gives the same map.
 */
package org.cinnabar.ir.weights;
