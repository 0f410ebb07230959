/** The command line: one class per command, and the program that chooses among them. */
@NullMarked
package io.nightshift.cli;

import org.jspecify.annotations.NullMarked;
