/** One attempt at a run after another, each a Spring Batch execution of the steps of its job, until the run has ended. */
@NullMarked
package io.nightshift.run.attempt;

import org.jspecify.annotations.NullMarked;
