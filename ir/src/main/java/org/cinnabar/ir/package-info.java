/**
 * The graph IR: a network as values and the ops that make them.
 *
 * <pre>
 * graph       ::= name, inputs, outputs
 * node        ::= op(node, ...) : type                    with the origin in the user's model
 * op          ::= input | constant | weight | elementwise | contraction | movement | reduce | pool | maxunpool | scatteradd | batchnorm
 * elementwise ::= unary | binary | select | clip | cast   shapes broadcast
 * contraction ::= conv | linear | matmul | correlate      conv and linear take their weight as an operand
 * movement    ::= reshape | transpose | slice | concat | pad | expand | gather
 * type        ::= dtype[extent, ...]                      an extent may be symbolic: N, 2*H+1
 * </pre>
 *
 * <p>Logical layout is ONNX's: {@code [N,C,spatial...]}. How values lie in memory is decided after
 * lowering.
 */
package org.cinnabar.ir;
