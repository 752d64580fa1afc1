/**
 * Packs compiled programs and weights into one self-contained jar.
 *
 * <p>A jar holds, in this order:
 *
 * <pre>
 * META-INF/MANIFEST.MF
 * META-INF/cinnabar/PACKAGE/provenance.txt   how the jar came to be
 * META-INF/native-image/PACKAGE/...          what native-image needs to know
 * module-info.class                          module PACKAGE, exports PACKAGE
 * PACKAGE/card.properties                    {@link org.cinnabar.runtime.ModelCard}
 * PACKAGE/*.class                            the typed model, Main, the programs, the runtime
 * PACKAGE/weights.f32                        little-endian f32, nothing else
 * </pre>
 *
 * <p>The runtime's classes are moved into the model's package, so jars of different compilers live
 * beside each other. Nothing is compressed and no time of day is kept: equal artefacts give equal
 * bytes, on any machine.
 */
package org.cinnabar.codegen.jar;
