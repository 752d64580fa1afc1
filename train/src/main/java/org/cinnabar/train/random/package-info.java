/** Random numbers that depend on names and counters alone. */
package org.cinnabar.train.random;
