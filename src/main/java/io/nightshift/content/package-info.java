/** Finds files in the home directory and on the class path, and reads the settings. */
@NullMarked
package io.nightshift.content;

import org.jspecify.annotations.NullMarked;
