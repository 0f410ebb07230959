/** The program: {@code main} hands its arguments to the command line. */
@NullMarked
package io.nightshift;

import org.jspecify.annotations.NullMarked;
