package io.nightshift.run.work;

import io.nightshift.step.ListedKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody, or a schedule, wants a job to run.
 *
 * @param job       its name
 * @param arguments as typed, by kebab-case name; a list parameter may be given several times or with commas
 * @param fresh     abandon an unfinished run of the same work and start anew ({@code --new})
 * @param atMost    the longest time of this attempt; overrides the job's own
 * @param directory against which relative paths in the arguments are resolved
 * @param slot      the scheduled time this run is for; empty when typed by hand
 * @param who       the person or schedule that asks
 * @param listed    the keys to which it is limited
 */
public record StartRequest(
        String job,
        Map<String, List<String>> arguments,
        boolean fresh,
        Optional<Duration> atMost,
        Path directory,
        Optional<Instant> slot,
        String who,
        Optional<ListedKeys> listed) {

    /** One that is limited to no list of keys. */
    public StartRequest(
            String job,
            Map<String, List<String>> arguments,
            boolean fresh,
            Optional<Duration> atMost,
            Path directory,
            Optional<Instant> slot,
            String who) {
        this(job, arguments, fresh, atMost, directory, slot, who, Optional.empty());
    }
}
