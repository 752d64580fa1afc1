/**
 * How graphs are changed: a {@link org.cinnabar.ir.rewrite.Rule} proposes another node for one
 * node, the {@link org.cinnabar.ir.rewrite.Rewriter} applies a {@link
 * org.cinnabar.ir.rewrite.RuleSet} until nothing fires, a {@link org.cinnabar.ir.rewrite.Pipeline}
 * is a literal list of passes with the verifier between them.
 *
 * <p>Laws of writing a rule:
 *
 * <ul>
 *   <li>The replacement has the value and the type of the node; how far values may move is
 *       declared.
 *   <li>It is never worse: no more work, no larger values. Work is not copied, so a rule that
 *       absorbs a computed operand asks for {@link org.cinnabar.ir.rewrite.Context#singleUse}.
 *   <li>It terminates: with its whole rule set some measure falls (nodes, or constants standing out
 *       of place).
 *   <li>Origins are kept: a node that takes another's place takes its origin.
 *   <li>The doc comment draws before → after and names every condition; each condition has a test
 *       where it fails.
 * </ul>
 */
package org.cinnabar.ir.rewrite;
