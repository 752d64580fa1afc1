/**
 * Whole models, from ONNX file to jar to results.
 *
 * <p>What the tests need lies outside the repository: trained models, data sets and photographs in
 * the folder {@code CINNABAR_SHARED}, exported architectures with their inputs and outputs in the
 * folder {@code CINNABAR_ZOO}. A test that finds them absent is skipped. What the tests measure
 * they print, and keep in {@code target/figures.txt}.
 */
@org.jspecify.annotations.NullMarked
package org.cinnabar.models;
