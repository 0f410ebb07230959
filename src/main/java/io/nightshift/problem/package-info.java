/** How we tell people what is wrong: where, what, what to do next, and the exit code that goes with it. */
@NullMarked
package io.nightshift.problem;

import org.jspecify.annotations.NullMarked;
