package io.nightshift.run.books;

import java.time.Instant;
import java.util.Optional;

/**
 * What a new run is made of.
 *
 * @param parent the run and step it belongs to
 */
public record NewRun(
        String job,
        String work,
        String parameters,
        Instant now,
        Instant asOf,
        String who,
        Optional<Instant> slot,
        Optional<Parent> parent,
        String contentHash) {

    /** @param step of the run that starts another */
    public record Parent(long run, String step) {}
}
