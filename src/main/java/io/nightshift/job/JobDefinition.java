package io.nightshift.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One file of {@code jobs/}, read with the parameters of one run filled in.
 *
 * @param name        the file's name without its ending: {@code <verb>-<what>}
 * @param file        relative to the home: {@code jobs/load-users.yml}
 * @param description one line for people
 * @param parameters  as declared, in order
 * @param schedule    when it runs by itself
 * @param options     what the whole job sets
 * @param steps       in order; names are unique
 */
public record JobDefinition(
        String name,
        String file,
        String description,
        List<ParameterDefinition> parameters,
        Optional<Schedule> schedule,
        Options options,
        List<StepDefinition> steps) {

    /**
     * @param cron five Unix fields
     * @param zone in which they are read
     * @param where file and line
     */
    public record Schedule(String cron, java.time.ZoneId zone, String where) {}

    /**
     * @param atMost           the longest time of one attempt
     * @param lockTimeout      of every statement
     * @param statementTimeout of every statement; zero for none
     * @param targetDuration   what a chunk should take; zero keeps chunks as large as they are given
     * @param retries          how an attempt that failed for a passing reason is followed by another
     * @param sideBySide       whether runs with different parameters may be under way together
     * @param keepGoing        whether the steps behind a failed one still run
     * @param holds            when runs wait between two chunks, as far as the job says it
     * @param conditions       what must hold before and after
     */
    public record Options(
            Optional<Duration> atMost,
            Duration lockTimeout,
            Duration statementTimeout,
            Duration targetDuration,
            Retries retries,
            boolean sideBySide,
            boolean keepGoing,
            Holds holds,
            Conditions conditions) {}

    /**
     * What a job says of its own about new attempts; the settings hold where it says nothing.
     *
     * @param most    how many, at most, without a chunk committed in between
     * @param first   the wait before the first
     * @param longest the longest wait
     */
    public record Retries(Optional<Integer> most, Optional<Duration> first, Optional<Duration> longest) {}

    /**
     * Selects that return whether something holds.
     *
     * @param before looked at before the first chunk
     * @param after  looked at behind the last step
     */
    public record Conditions(List<String> before, List<String> after) {

        public static final Conditions NONE = new Conditions(List.of(), List.of());

        /** All of them. */
        public List<String> statements() {
            return Stream.concat(before.stream(), after.stream()).toList();
        }
    }
}
