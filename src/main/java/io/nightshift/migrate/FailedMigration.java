package io.nightshift.migrate;

import io.nightshift.content.ContentFile;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says which statement of which file failed, why, and what the schema is now. */
record FailedMigration(Database database, List<ContentFile> files) {

    private static final Pattern MIXED =
            Pattern.compile("both transactional and non-transactional.* line (\\d+): (.*) \\[", Pattern.DOTALL);

    ProblemException asProblem(FlywayException error) {
        Optional<ProblemException> ours = cause(error, ProblemException.class);
        if (ours.isPresent()) {
            return ours.get();
        }
        Optional<SQLException> sql = cause(error, SQLException.class);
        Problem problem = cause(error, FlywaySqlScriptException.class)
                .map(script -> inScript(script, sql, state(error)))
                .or(() -> mixed(error))
                .orElseGet(() -> elsewhere(error, sql));
        return new ProblemException(ExitCode.FAILED, List.of(problem), error);
    }

    private Problem inScript(FlywaySqlScriptException script, Optional<SQLException> sql, String state) {
        String file = script.getResource() == null
                ? "migrations"
                : script.getResource().getAbsolutePathOnDisk();
        int line = script.getLineNumber()
                + sql.map(error -> linesBefore(script.getStatement(), error)).orElse(0);
        String reason = sql.map(FailedMigration::reason).orElseGet(() -> oneLine(script));
        return new Problem(file + ":" + line, reason + ".", state);
    }

    /** Flyway says so in its message only, and without the file. */
    private Optional<Problem> mixed(FlywayException error) {
        Matcher found = MIXED.matcher(String.valueOf(error.getMessage()));
        if (!found.find()) {
            return Optional.empty();
        }
        String file = files.stream()
                .filter(candidate -> candidate.text().contains(found.group(2)))
                .map(ContentFile::where)
                .findFirst()
                .orElse("migrations");
        return Optional.of(new Problem(
                file + ":" + found.group(1),
                "this statement cannot be in a transaction, and others in the file can.",
                "Give it a file of its own: if it failed half-way, nobody could tell what is done. Nothing of this file"
                        + " was applied."));
    }

    private Problem elsewhere(FlywayException error, Optional<SQLException> sql) {
        String fix = sql.filter(reason -> "42501".equals(reason.getSQLState())).isPresent()
                ? "The role needs CREATE on the schema \"%s\" to apply migrations, and SELECT on its history to look at them."
                        .formatted(database.userSchema())
                : "Nothing was applied by this command.";
        return new Problem(
                database.description(),
                "the migrations cannot be read or applied (%s)."
                        .formatted(sql.map(FailedMigration::reason).orElseGet(() -> oneLine(error))),
                fix);
    }

    private static String state(FlywayException error) {
        boolean rolledBack = cause(error, FlywayMigrateException.class)
                .map(FlywayMigrateException::isExecutableInTransaction)
                .orElse(false);
        return rolledBack
                ? "It is rolled back as a whole; the migrations before it are applied. Correct it, then: nightshift migrate up"
                : "It ran outside of a transaction: what stands before this line is done and stays. Put the schema right by"
                        + " hand, delete the failed row from flyway_schema_history, then: nightshift migrate up";
    }

    /** The server counts characters from the statement's beginning. */
    private static int linesBefore(String statement, SQLException error) {
        int position = error instanceof PSQLException postgres
                ? Optional.ofNullable(postgres.getServerErrorMessage())
                        .map(ServerErrorMessage::getPosition)
                        .orElse(0)
                : 0;
        return position < 1 || position > statement.length()
                ? 0
                : (int) statement
                        .substring(0, position - 1)
                        .chars()
                        .filter(character -> character == '\n')
                        .count();
    }

    private static String reason(SQLException error) {
        String text = error instanceof PSQLException postgres && postgres.getServerErrorMessage() != null
                ? String.valueOf(postgres.getServerErrorMessage().getMessage())
                : oneLine(error);
        return text + " (SQLSTATE " + error.getSQLState() + ")";
    }

    private static String oneLine(Throwable error) {
        return String.valueOf(error.getMessage()).replaceAll("\\s*\\R\\s*", " ").strip();
    }

    private static <T extends Throwable> Optional<T> cause(Throwable error, Class<T> type) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
