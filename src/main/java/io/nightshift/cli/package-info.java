/** The command line: one class per command, and one place that turns what went wrong into words and an exit code. */
@NullMarked
package io.nightshift.cli;

import org.jspecify.annotations.NullMarked;
