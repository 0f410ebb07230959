package io.nightshift.run.plan;

import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.file.JobFile;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import io.nightshift.run.work.Catalog;
import io.nightshift.run.work.Kinds;
import io.nightshift.run.work.Work;
import io.nightshift.sql.SqlValue;
import io.nightshift.step.AskPostgres;
import io.nightshift.step.StepKinds;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds every problem in a home at once: in its files, and between them and a database. */
public final class Checks {

    private final Problems problems = new Problems();
    private final StepKinds kinds = Kinds.all();
    private final Catalog catalog;
    private final List<String> unexplained = new ArrayList<>();

    /** Reads the home; what is wrong in single files is found here. */
    public Checks(Home home) {
        this.catalog = Catalog.of(home, kinds, problems);
    }

    /** The jobs of the home. */
    public Collection<String> jobs() {
        return catalog.names();
    }

    /** Looks at these jobs and the statements they use, without a database. */
    public List<Problem> content(Collection<String> names) {
        catalog.check(names, problems);
        return problems.all();
    }

    /**
     * Lets PostgreSQL read every statement of these jobs with values of their declared types. Nothing is executed.
     *
     * @return what PostgreSQL refuses; statements that it cannot be asked about are in {@link #unexplained()}
     */
    public List<Problem> statements(Collection<String> names, Database database) {
        Problems found = new Problems();
        boolean toCome = !database.hasCurrentOwnTables();
        try (Connection connection = database.dataSource().getConnection()) {
            for (String name : names) {
                JobFile file = catalog.job(name);
                Work work = new Work(file, file.sample(), file.sampleValues(), "", Optional.empty());
                Map<String, SqlValue> values = work.sqlValues(0, Instant.EPOCH, Instant.EPOCH);
                AskPostgres postgres = new AskPostgres(connection, catalog.statements(), values, found, unexplained);
                for (StepDefinition step : file.sample().steps()) {
                    if (toCome && isAbout(step, database.schema())) {
                        postgres.unexplained(step.where(), "Nightshift's own tables, which the next run makes");
                    } else {
                        kinds.ask(step, postgres);
                    }
                }
                file.sample().options().conditions().statements().forEach(id -> postgres.statement(id, Map.of()));
                postgres.throwIfLost();
            }
        } catch (SQLException failure) {
            throw database.problem(failure);
        }
        return found.all();
    }

    private boolean isAbout(StepDefinition step, String schema) {
        return step.statements().stream()
                .flatMap(id -> catalog.statements().find(id).stream())
                .anyMatch(statement -> statement.mentions(schema));
    }

    /** Lines about statements that PostgreSQL could not be asked about. */
    public List<String> unexplained() {
        return List.copyOf(unexplained);
    }
}
