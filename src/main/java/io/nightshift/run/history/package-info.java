/** What runs and what has run, for people to read. Only looks. */
@NullMarked
package io.nightshift.run.history;

import org.jspecify.annotations.NullMarked;
