package io.nightshift.step;

import io.nightshift.chunk.Environment;
import io.nightshift.content.Home;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import io.nightshift.sql.Statements;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a step of a run is given.
 *
 * @param environment where its chunks run, already at this step
 * @param home        whose files it reads and writes
 * @param statements  as frozen into the run
 * @param parameters  the run's values by their names in SQL, {@code now}, {@code asOf} and {@code run} included
 * @param frozen      the run's own clock
 * @param children    starts other jobs
 * @param listed      the keys to which the run is limited
 */
public record StepContext(
        Environment environment,
        Home home,
        Statements statements,
        Map<String, SqlValue> parameters,
        Frozen frozen,
        ChildRuns children,
        Optional<ListedKeys> listed) {

    /**
     * @param now  when the first attempt began
     * @param asOf the time the run is for: the slot of a scheduled run, else {@code now}
     */
    public record Frozen(Instant now, Instant asOf) {}

    public Statement statement(String id) {
        return statements.get(id);
    }

    /** The parameters and some more. */
    public Map<String, SqlValue> with(Map<String, SqlValue> more) {
        Map<String, SqlValue> all = new HashMap<>(parameters);
        all.putAll(more);
        return all;
    }
}
