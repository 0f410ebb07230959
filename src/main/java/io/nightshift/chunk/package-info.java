/** One chunk, one transaction: fencing token, data, ledger row and rejects commit together or not at all. */
@NullMarked
package io.nightshift.chunk;

import org.jspecify.annotations.NullMarked;
