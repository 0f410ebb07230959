/** How answers look: tables, numbers, JSON documents, progress, and the signals that a terminal sends back. */
@NullMarked
package io.nightshift.cli.terminal;

import org.jspecify.annotations.NullMarked;
