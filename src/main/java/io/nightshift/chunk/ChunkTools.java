package io.nightshift.chunk;

import java.sql.Connection;

/**
 * What the work of a chunk is given.
 *
 * @param connection the one whose transaction the chunk is
 * @param allowance  how many rejects it may have
 * @param causes     remembers the comments of constraints for a whole step
 */
public record ChunkTools(Connection connection, RejectAllowance allowance, Causes causes) {}
