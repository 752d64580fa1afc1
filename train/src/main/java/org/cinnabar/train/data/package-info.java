/** Labelled examples: readers of the usual formats, and what is done to examples on their way. */
package org.cinnabar.train.data;
