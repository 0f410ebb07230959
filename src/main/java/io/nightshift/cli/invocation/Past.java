package io.nightshift.cli.invocation;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.history.History;
import io.nightshift.run.history.History.Run;
import java.util.Optional;

/** The history of a database that may have none yet. */
public final class Past {

    public static final String NONE = "Nightshift has not run on this database yet.";

    /** Where there is not even a database. */
    public static final String NO_DATABASE =
            "Nothing has run yet: this home has no database. The first run makes one: nightshift run JOB";

    private Past() {}

    /** Empty where Nightshift has never run; nothing is created. */
    public static Optional<History> of(Database database) {
        return database.hasOwnTables() ? Optional.of(new History(database)) : Optional.empty();
    }

    /**
     * The run of this number.
     *
     * @throws ProblemException when there is none
     */
    public static Run run(Database database, long number) {
        return of(database)
                .flatMap(history -> history.find(number))
                .orElseThrow(() -> new ProblemException(
                        ExitCode.USAGE,
                        "run " + number,
                        database.hasOwnTables() ? "there is no run of this number" : NONE,
                        "See: nightshift history"));
    }
}
