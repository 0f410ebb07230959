/** Writes a file page by page, whole or not at all: the kind of step {@code export}. */
@NullMarked
package io.nightshift.step.export;

import org.jspecify.annotations.NullMarked;
