/** Says what a job would do before it does it: checks it, plans it, rehearses it, and forecasts how long it takes. */
@NullMarked
package io.nightshift.run.plan;

import org.jspecify.annotations.NullMarked;
