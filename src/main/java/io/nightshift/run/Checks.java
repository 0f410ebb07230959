package io.nightshift.run;

import io.nightshift.chunk.SqlState;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.job.JobFile;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds every problem in a home at once: in its files, and between them and a database. */
public final class Checks {

    private final Problems problems = new Problems();
    private final Catalog catalog;
    private final List<String> unexplained = new ArrayList<>();

    /** Reads the home; what is wrong in single files is found here. */
    public Checks(Home home) {
        this.catalog = Catalog.of(home, Kinds.all(), problems);
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
     * @return what PostgreSQL refuses; statements that cannot be read without a running step are in
     *     {@link #unexplained()}
     */
    public List<Problem> statements(Collection<String> names, Database database) {
        Problems found = new Problems();
        try (Connection connection = database.dataSource().getConnection()) {
            for (String name : names) {
                JobFile file = catalog.job(name);
                Work work = new Work(file, file.sample(), file.sampleValues(), "");
                Map<String, SqlValue> values = work.sqlValues(0, Instant.EPOCH, Instant.EPOCH);
                for (StepDefinition step : file.sample().steps()) {
                    new Step(step, values, connection, found).check();
                }
            }
        } catch (SQLException failure) {
            throw database.problem(failure);
        }
        return found.all();
    }

    /** Lines about statements that PostgreSQL could not be asked about. */
    public List<String> unexplained() {
        return List.copyOf(unexplained);
    }

    private final class Step {
        private final StepDefinition step;
        private final Map<String, SqlValue> values;
        private final Connection connection;
        private final Problems found;

        Step(StepDefinition step, Map<String, SqlValue> values, Connection connection, Problems found) {
            this.step = step;
            this.values = new HashMap<>(values);
            this.connection = connection;
            this.found = found;
        }

        void check() {
            SqlValue moment = values.get("now");
            values.put("windowStart", moment);
            values.put("windowEnd", moment);
            values.put("columns", SqlValue.array("text", List.of()));
            for (String id : step.statements()) {
                catalog.statements().find(id).ifPresent(this::ask);
            }
        }

        private void ask(Statement statement) {
            if (statement.mentions("loaded")) {
                unexplained.add("not explained: " + statement.where()
                        + " needs the temporary table loaded, which only a running load has");
                return;
            }
            try {
                if (step instanceof StepDefinition.Keyed keyed && statement.id().equals(keyed.keys())
                        || step instanceof StepDefinition.Export export
                                && statement.id().equals(export.keys())) {
                    values.putAll(
                            KeysQuery.describe(connection, statement, values).keysValue(List.of()));
                } else if (values.keySet().containsAll(statement.parameters())) {
                    read(statement.bind(values));
                }
            } catch (SQLException refusal) {
                found.add(statement.where(), SqlState.words(refusal), "Look at it with: nightshift db psql");
            } catch (IllegalArgumentException unfit) {
                found.add(statement.where(), String.valueOf(unfit.getMessage()), "");
            }
        }

        private void read(BoundSql bound) throws SQLException {
            try (PreparedStatement prepared = connection.prepareStatement(bound.sql())) {
                bound.set(prepared, 1);
                prepared.getParameterMetaData();
            }
        }
    }
}
