/**
 * Starts, continues, stops and remembers runs: the only place that drives Spring Batch jobs. This package decides what a
 * request means; those below it do it, each one idea.
 */
@NullMarked
package io.nightshift.run;

import org.jspecify.annotations.NullMarked;
