/**
 * A typed language of Java expressions and statements, written to class files through ASM.
 *
 * <p>Code generators build trees; nothing outside this package touches an operand stack. A tree is
 * checked when it is built, prints as the Java it means, and becomes the bytecode that javac makes
 * of that Java. Types are {@link java.lang.constant.ClassDesc}s.
 *
 * <pre>
 * class      := {@link ClassModel}(modifiers, name, superclass, interfaces, fields, methods,
 *                          initializer)
 * field      := {@link FieldModel}(modifiers, name, type, initial?)
 * method     := {@link MethodModel}(modifiers, returns, name, parameters, body, interpreted)
 *
 * statement  := Comment(text)                     // text
 *             | Declare(variable, value)          float x = value;
 *             | Assign(place, value)              place = value;  i++;  i += 8;
 *             | Evaluate(call)                    f(x);
 *             | Block(statement*)                 { ... }
 *             | If(condition, block, block)       if (condition) { ... } else { ... }
 *             | For(variable, from, limit, step, block)
 *                                                 for (int i = 0; i &lt; n; i += 4) { ... }
 *             | While(condition, block)           while (condition) { ... }
 *             | Switch(selector, (int, block)*, block)
 *                                                 switch (x) { case 0 -&gt; { ... } ... }
 *             | Return(value?)                    return value;
 *             | Throw(exception)                  throw exception;
 *
 * expression := Constant(value, type)             1  2L  3.0f  "text"  Foo.class  null
 *             | place
 *             | Binary(operator, left, right)     + - * / % &lt;&lt; &gt;&gt; &gt;&gt;&gt; &amp; ^ |
 *             | Negate(operand)                   -x
 *             | Cast(operand, type)               (long) x
 *             | condition
 *             | Conditional(condition, then, otherwise)
 *                                                 yes ? x : y
 *             | Length(array)                     xs.length
 *             | NewArray(element, length)         new float[n]
 *             | Call({@link MethodRef}, operand*)        f(x)  x.f(y)  super(x)  new C(x)
 * place      := {@link Variable}(name, type)             x
 *             | Element(array, index)             xs[i]
 *             | StaticField({@link FieldRef})            C.field
 *             | InstanceField(receiver, {@link FieldRef})
 *                                                 x.field
 * condition  := Comparison(relation, left, right) == != &lt; &lt;= &gt; &gt;=
 *             | Logical(operator, left, right)    &amp;&amp; ||
 *             | Not(operand)                      !x
 * </pre>
 *
 * <p>The factories of {@link Expressions} and {@link Statements} are imported statically. The dot
 * product of two arrays:
 *
 * <pre>{@code
 * Variable x = new Variable("x", CD_float.arrayType());
 * Variable y = new Variable("y", CD_float.arrayType());
 * Variable sum = new Variable("sum", CD_float);
 * Variable i = new Variable("i", CD_int);
 * MethodModel dot =
 *         MethodModel.of(
 *                 Modifier.STATIC,
 *                 CD_float,
 *                 "dot",
 *                 List.of(x, y),
 *                 block(
 *                         declare(sum, constant(0f)),
 *                         forLoop(
 *                                 i,
 *                                 constant(0),
 *                                 length(x),
 *                                 1,
 *                                 block(assign(sum, add(sum, mul(element(x, i), element(y, i)))))),
 *                         returnValue(sum)));
 * }</pre>
 *
 * prints as
 *
 * <pre>{@code
 * static float dot(float[] x, float[] y) {
 *     float sum = 0.0f;
 *     for (int i = 0; i < x.length; i++) {
 *         sum = sum + x[i] * y[i];
 *     }
 *     return sum;
 * }
 * }</pre>
 *
 * <p>Four rules are stricter than Java's. Numbers widen only by an explicit cast, except that the
 * types below {@code int} compute as {@code int}. A local variable of a class type takes values of
 * exactly that type, so that stack frames never need the class hierarchy. A name is declared once
 * in nested scopes. A variable is declared with a value.
 *
 * <p>What the virtual machine limits ({@link JvmLimit}) is checked where it arises, and {@link
 * JvmLimitException} names the class and method. A method that is not hot may exceed the size that
 * HotSpot compiles if it says so: {@link MethodModel#interpretedOk}.
 */
package org.cinnabar.codegen.bytecode;
