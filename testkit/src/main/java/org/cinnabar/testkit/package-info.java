/**
 * What the other modules' tests are written with. A pass test is a text file, read by {@link
 * org.cinnabar.testkit.GoldenFiles}:
 *
 * <pre>
 * # pass: remove-identities            the pass under test
 * # tolerance: 1e-6                    or exact; the pass's own accuracy if not said
 * # stage: canonical                   what the verifier holds the result to; imported if not said
 * graph @g(%x: f32[N,3]) -&gt; (%y) {     the graph before
 *   %y = reshape(%x) shape=[N,3]
 * }
 * ----
 * graph @g(%x: f32[N,3]) -&gt; (y = %x: f32[N,3]) {
 * }
 * </pre>
 *
 * <p>Instead of the graph after, {@code # expect: unchanged} says that the pass must leave the
 * graph as it is, and {@code # error: text} at the end of a line that the line is rejected with
 * that text, by the parser or the verifier.
 */
@NullMarked
package org.cinnabar.testkit;

import org.jspecify.annotations.NullMarked;
