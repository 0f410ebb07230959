/** Kills the program, its sessions and its server at chosen moments, and compares what is left with an undisturbed run. */
@NullMarked
package io.nightshift.crash;

import org.jspecify.annotations.NullMarked;
