package io.nightshift.step;

import io.nightshift.problem.Choices;
import io.nightshift.problem.Problems;
import io.nightshift.sql.Statement;
import io.nightshift.sql.Statements;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a job's steps may refer to.
 *
 * @param statements of the mappers
 * @param parameters that statements may use: the job's own, by their names in SQL, and the run's
 */
public record Content(Statements statements, Set<String> parameters) {

    /** The names that every statement may use. */
    private static final Set<String> ALWAYS = Set.of("now", "asOf", "run");

    /**
     * Finds a statement, and says what is wrong with it: unknown, of the wrong kind, or with parameters that nobody
     * supplies.
     *
     * @param key   the YAML key that names it
     * @param extra names that this place supplies besides the parameters
     */
    public Optional<Statement> statement(Place place, String key, String id, Set<String> extra) {
        Optional<Statement> statement = statements.find(id);
        // What is wrong with a broken one has been told where it stands.
        if (statement.isEmpty() && !statements.isBroken(id)) {
            place.problems()
                    .add(
                            place.where() + "." + key,
                            "there is no statement \"" + id + "\" in mappers/",
                            new Choices(statements.ids()).advice(id));
        }
        statement.ifPresent(found -> checkParameters(place, found, extra));
        return statement;
    }

    private void checkParameters(Place place, Statement statement, Set<String> extra) {
        Set<String> known = new TreeSet<>(parameters);
        known.addAll(ALWAYS);
        known.addAll(extra);
        for (String name : statement.parameters()) {
            boolean composite = name.startsWith("keys.") && extra.contains("keys");
            if (!known.contains(name) && !composite) {
                place.problems()
                        .add(
                                statement.where(),
                                "uses #{" + name + "}, which " + place.where() + " does not supply",
                                new Choices(known).advice(name));
            }
        }
    }

    /** Where a check is, and where it puts what it finds. */
    public record Place(String where, Problems problems) {}
}
