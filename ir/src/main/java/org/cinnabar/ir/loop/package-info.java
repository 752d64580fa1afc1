/**
 * The loop IR: what code generation sees. Two flat arrays, the arena (activations) and the weights;
 * functions of {@code int} parameters; loops over them; values of one or several lanes.
 *
 * <pre>
 * function ::= name(param, ...) { statement... }
 * statement ::= for | block | bind | let | set | store | call
 *   for   ::= for (name = from; name < to; name += step) statement
 *   bind  ::= int name = index
 *   let   ::= name = value                   declares a local of the value's lanes
 *   set   ::= name = value                   assigns a declared local
 *   store ::= memory[index .. index+lanes) = value
 *   call  ::= function(index, ...)
 * index ::= constant | name | index + index | index * index | min | max | index / constant | index % constant | table
 * value ::= constant | local | load | splat | unary | binary | fma | choose | reduce | number
 * memory ::= ARENA | WEIGHTS
 * </pre>
 *
 * <p>{@code lanes} is 1 for scalars or the width of the target's vectors. A kernel is a function
 * over a range of independent tasks; kernels run one after the other. All extents and offsets are
 * constants unless they are parameters of a shared tile.
 */
package org.cinnabar.ir.loop;
