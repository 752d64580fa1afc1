/** Networks to train: a builder, and well-known ones by name. */
package org.cinnabar.train.model;
