package io.nightshift.step;

import io.nightshift.job.Guards;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/** Holds the number of a step's rows against what its file allows, before anything is written. */
public final class RowGuards {

    /** Below, a table is counted: its statistics may be a day old. */
    private static final long SMALL = 100_000;

    private static final String STATISTICS =
            """
            SELECT coalesce(sum(c.reltuples) FILTER (WHERE c.reltuples > 0), 0)::bigint,
              coalesce(bool_or(c.reltuples < 0), true), to_regclass(?)::text
            FROM pg_partition_tree(to_regclass(?)) p
              JOIN pg_class c ON c.oid = p.relid
            WHERE p.isleaf""";

    private final Guards guards;
    private final String where;

    /** @param where the step, for messages */
    public RowGuards(Guards guards, String where) {
        this.guards = guards;
        this.where = where;
    }

    /**
     * The most rows that the step may have in all; empty without a limit.
     *
     * @param gone rows that this run has worked on, and perhaps deleted: they belong to the table that is meant
     */
    public OptionalLong most(Connection connection, long gone) throws SQLException {
        Optional<Guards.MaxRows> limit = guards.maxRows();
        if (limit.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                limit.get().isShare()
                        ? limit.get().of(rowsOfTable(connection) + gone)
                        : limit.get().count());
    }

    /** @throws ProblemException (3) when there are more rows than allowed, or not as many as expected */
    public void refuseUnfit(Connection connection, KeysQuery query) throws SQLException {
        Optional<String> unfit = unfit(connection, query);
        if (unfit.isPresent()) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    where,
                    unfit.get(),
                    "Nothing was changed. Look at: nightshift plan. If that is meant, change the number in the job"
                            + " file.");
        }
    }

    /** What does not fit, in words. */
    public Optional<String> unfit(Connection connection, KeysQuery query) throws SQLException {
        if (!guards.any()) {
            return Optional.empty();
        }
        long top = Math.min(most(connection, 0).orElse(Long.MAX_VALUE), range().most());
        return verdict(
                connection, number(connection, query.countUpTo(top == Long.MAX_VALUE ? range().least() : top + 1)));
    }

    private Guards.Range range() {
        return guards.expect().orElse(new Guards.Range(0, Long.MAX_VALUE));
    }

    /** What does not fit about so many rows, counted no further than the limits, in words. */
    public Optional<String> verdict(Connection connection, long count) throws SQLException {
        long most = most(connection, 0).orElse(Long.MAX_VALUE);
        Guards.Range range = range();
        if (count > most) {
            return Optional.of("there are more than %,d rows to work on, the max-rows of %s"
                    .formatted(most, guards.maxRows().orElseThrow()));
        }
        if (count > range.most()) {
            return Optional.of("there are more rows to work on than the %s that are expected".formatted(range));
        }
        return count < range.least()
                ? Optional.of("there are %,d rows to work on, and %s are expected".formatted(count, range))
                : Optional.empty();
    }

    private static long number(Connection connection, BoundSql select) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
            select.set(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    private long rowsOfTable(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(STATISTICS)) {
            select.setString(1, guards.table());
            select.setString(2, guards.table());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                long rows = result.getLong(1);
                String table = result.getString(3);
                if (table == null) {
                    throw new ProblemException(
                            ExitCode.USAGE,
                            where,
                            "there is no table " + guards.table() + " to take a share of",
                            "Look at its spelling and at nightshift.database.search-path.");
                }
                return result.getBoolean(2) || rows < SMALL
                        ? number(connection, new BoundSql("SELECT count(*) FROM " + table, java.util.List.of()))
                        : rows;
            }
        }
    }
}
