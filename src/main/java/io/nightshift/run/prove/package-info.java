/** Proves what whole runs did, those that their steps began included. Only looks. */
@NullMarked
package io.nightshift.run.prove;

import org.jspecify.annotations.NullMarked;
