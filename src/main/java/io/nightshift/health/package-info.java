/** Lets a run wait while a signal is a reason to; the brake for everything, and what can be changed on a running job. */
@NullMarked
package io.nightshift.health;

import org.jspecify.annotations.NullMarked;
