/**
 * The textual form of graphs, in which tests are written and compilers are debugged.
 *
 * <pre>
 * graph @lenet(%x: f32[N,1,28,28]) -&gt; (%y: f32[N,6,28,28]) {
 *   %1 = conv(%x, @w1) window=5x5+2 groups=1 : f32[N,6,28,28]  ; Conv_0 (Conv)
 *   %2 = const f32[6,1,1] normal(seed=3)
 *   %3 = add(%1, %2) : f32[N,6,28,28]
 *   %y = relu(%3) : f32[N,6,28,28]
 * }
 * {@literal @}w1 = matrix(f32[6,25] normal(seed=7))
 *
 * text    ::= graph weight*
 * graph   ::= 'graph' '@'name '(' [input {',' input}] ')' '-&gt;' '(' output {',' output} ')' '{' node* '}'
 * input   ::= '%'name ':' type
 * output  ::= [name '='] value [':' type]         without a name, that of the value
 * node    ::= '%'name '=' (apply | 'const' literal) [';' origin]
 * apply   ::= op '(' [value {',' value}] ')' {attribute '=' setting} [':' type]
 * weight  ::= '@'name '=' map [';' origin]
 * map     ::= structure '(' part {',' part} ')'   part is a map, a literal or a number, as the structure has components
 * value   ::= '%'name | '@'name
 * type    ::= dtype shape
 * shape   ::= '[' [extent {',' extent}] ']'
 * extent  ::= ['-'] term {('+' | '-') term}
 * term    ::= factor {'*' factor}
 * factor  ::= (integer | symbol | '(' extent ')') ['/' integer]
 * literal ::= type values
 * values  ::= number                              every element
 *           | '[' number {',' number} ']'         row-major
 *           | zeros | ones | iota                 0, 1, and 0, 1, 2, ...
 *           | normal(seed=n) | uniform(seed=n)    the standard ones; uniform is from 0 to 1
 *           | data(checksum)                      printed of long data that no literal stands for; cannot be parsed
 * origin  ::= name ['(' name ')']                 name and operator of the node in the user's model
 * name    ::= letters, digits and any of _./$- ; or anything in double quotes, where \ escapes
 * </pre>
 *
 * <p>An op is written in lower case with the components of its record as attributes, in any order;
 * an op whose only attribute is its function, such as {@code relu} or {@code less_or_equal}, by the
 * name of the function. A stated type is checked against the inferred one. Everything from {@code
 * #} to the end of the line is a comment.
 */
package org.cinnabar.ir.text;
