/** Another job as a step: the kind of step {@code job}. */
@NullMarked
package io.nightshift.step.job;

import org.jspecify.annotations.NullMarked;
