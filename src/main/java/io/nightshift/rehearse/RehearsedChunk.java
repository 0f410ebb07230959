package io.nightshift.rehearse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A chunk that was done for real and rolled back.
 *
 * @param place      which one
 * @param rows       keys or records
 * @param seconds    of its statements, the instruments of EXPLAIN included
 * @param serverWal  bytes of WAL that the whole server wrote meanwhile, others included
 * @param ownWal     bytes of WAL that this session wrote; empty where the server cannot tell (before PostgreSQL 18)
 * @param tables     rows that were inserted, updated and deleted, triggers included, by table
 * @param statements in order
 * @param sample     a few rows of the table, before and after
 * @param refusal    why PostgreSQL refused it
 */
public record RehearsedChunk(
        String place,
        long rows,
        double seconds,
        long serverWal,
        OptionalLong ownWal,
        Map<String, String> tables,
        List<ExplainedStatement> statements,
        List<Sample> sample,
        Optional<String> refusal) {

    /**
     * A row as JSON.
     *
     * @param after empty when the row is gone
     */
    public record Sample(String key, Optional<String> before, Optional<String> after) {}
}
