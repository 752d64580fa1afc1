/**
 * Reads ONNX models into the graph IR.
 *
 * <pre>
 * file → wire (protobuf messages, tensors) → GraphImport (names become nodes) → op (one importer per operator) → Graph
 * </pre>
 *
 * <p>ONNX operators are importers into core ops; none is an op of the IR. Everything an operator
 * reads at import (shapes, axes, bounds, weights) has to be constant, or an integer expression over
 * symbolic extents.
 *
 * <p>All floating-point tensors become {@code F32}: half precision is widened, {@code double}
 * narrowed. Integers keep their type where the IR has it and take the next wider one otherwise.
 */
package org.cinnabar.frontend;
