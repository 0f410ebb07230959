package io.nightshift.health;

import java.time.Duration;
import java.util.Optional;

/**
 * What an operator has changed on a run; what is empty is as the job says.
 *
 * @param connections    chunks in work at the same time
 * @param rate           rows per second; 0 for as fast as possible
 * @param targetDuration what a chunk should take; zero keeps chunks as large as they are
 */
public record Tuning(Optional<Integer> connections, Optional<Long> rate, Optional<Duration> targetDuration) {

    public static final Tuning NONE = new Tuning(Optional.empty(), Optional.empty(), Optional.empty());
}
