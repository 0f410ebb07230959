package io.nightshift.migrate;

import java.time.Instant;
import java.util.Optional;

/**
 * A migration of the user's schema, as its file and the history in the database have it.
 *
 * @param version     as in the file's name, without leading zeros' meaning: 003 and 3 are the same
 * @param where       the file, or the name that the history has for one that is gone
 * @param installedOn when it was applied; empty when it was not
 */
public record MigrationStatus(
        String version, String description, String where, State state, Optional<Instant> installedOn) {

    /** What file and history say together. */
    public enum State {
        /** Applied, and the file is what it was. */
        APPLIED,
        /** A file that was not applied yet. */
        PENDING,
        /** Applied, and the file was changed since. */
        CHANGED,
        /** Applied, and there is no such file any more. */
        MISSING,
        /** Began outside of a transaction and failed half-way. */
        FAILED
    }
}
