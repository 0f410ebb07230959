package io.nightshift.step;

import io.nightshift.chunk.ReplayWork;
import io.nightshift.chunk.StepWork;
import io.nightshift.content.Home;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Proof;
import io.nightshift.rehearse.Rehearsal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * One kind of step: what makes its definition right, what it would do, and how it does it.
 *
 * @param <D> the YAML key's record
 */
public interface StepKind<D extends StepDefinition> {

    /** The record this kind is for. */
    Class<D> definition();

    /** The kind's word, which is its YAML key. */
    String word();

    /** Adds every problem between the job file and the mappers; needs no database. */
    void check(D definition, Content content, Problems problems);

    /** Lets PostgreSQL read what the step refers to; nothing is executed. */
    default void ask(D definition, AskPostgres postgres) {
        definition.statements().forEach(id -> postgres.statement(id, Map.of()));
    }

    /** Adds what is wrong with the files the step reads, before a run begins. */
    default void checkInput(D definition, Home home, Problems problems) {}

    /** Whether a later step may read what this one makes, so that it cannot be looked at beforehand. */
    default boolean makesInput() {
        return false;
    }

    /** Says what the step would do. The connection is read only; a plan writes nothing. */
    StepPlan plan(D definition, StepContext context, Connection connection) throws SQLException;

    /** How its rejects are tried again; empty for a kind that cannot do that. */
    default Optional<ReplayWork> replay(D definition, StepContext context, Replaying how) {
        return Optional.empty();
    }

    /** @param overwrite whether a record may change a row that was written since it was refused */
    record Replaying(boolean overwrite) {}

    /**
     * Proves the step by what it worked on: the data, the input, the files it wrote. Its ledger by itself has been looked
     * at already. Changes nothing.
     *
     * @param connection read only, and in no transaction
     */
    void prove(D definition, StepContext context, Connection connection, Proof proof) throws SQLException, IOException;

    /** Does some of its chunks for real, to be rolled back; writes no file, and no row of ours. */
    void rehearse(D definition, StepContext context, Rehearsal rehearsal) throws SQLException, IOException;

    /** The work of the step for one attempt. */
    StepWork<?> work(D definition, StepContext context);
}
