/**
 * The loop IR as classes. {@link org.cinnabar.codegen.emit.ProgramEmitter} makes one class for each
 * target; values of one lane are Java floats, wider ones vectors of the Vector API.
 */
package org.cinnabar.codegen.emit;
