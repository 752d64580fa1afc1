/**
 * The command line: {@link org.cinnabar.cli.Cinnabar} lists the commands, one class each. {@link
 * org.cinnabar.cli.Failures} turns every exception into one line and an exit code, {@link
 * org.cinnabar.cli.Console} is where results, notes and progress go.
 */
package org.cinnabar.cli;
