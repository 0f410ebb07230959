/** What a kind of step is, and what it is given to work with. */
@NullMarked
package io.nightshift.step;

import org.jspecify.annotations.NullMarked;
