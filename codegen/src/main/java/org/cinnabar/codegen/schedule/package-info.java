/**
 * What runs when and where its memory is: {@link org.cinnabar.codegen.schedule.Schedule} puts every
 * value of a network into one arena and every weight into one array, and asks the lowerings for
 * their kernels.
 */
package org.cinnabar.codegen.schedule;
