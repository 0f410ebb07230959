/**
 * How a command is carried out: what was typed, the home and its database, attended and detached runs, the log, and the one
 * place that turns what went wrong into words and an exit code.
 */
@NullMarked
package io.nightshift.cli.invocation;

import org.jspecify.annotations.NullMarked;
