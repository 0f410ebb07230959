/** The signals that put a run on hold, the brake for everything, and what can be changed on a running job. */
@NullMarked
package io.nightshift.health;

import org.jspecify.annotations.NullMarked;
