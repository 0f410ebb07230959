/** What a proof is made of: findings, the chains of the ledger, and the hashes of files. */
@NullMarked
package io.nightshift.prove;

import org.jspecify.annotations.NullMarked;
