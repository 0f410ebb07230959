package io.nightshift.crash;

import io.nightshift.crash.Sent.Place;
import java.util.Locale;

/** Where something is killed, told by the statement that passes the proxy. */
enum Phase {
    BETWEEN_STATEMENTS("between the statements of a chunk", true),
    /** Where a plain chunk step of Spring Batch loses a chunk: the data is written, the context is not. */
    BEFORE_CONTEXT("between a chunk's data and Spring Batch's context", true),
    BEFORE_COMMIT("before commit", true),
    AFTER_COMMIT("after commit, before the reply", false),
    OPENING("while a step is opened", false),
    END_OF_STEP("at the end of a step", false),
    END_OF_RUN("at the end of the run", false),
    TAKE_OVER("during a take-over", false),
    /** At any moment; what was going on then is looked up. */
    MOMENT_IN_CHUNK("at any moment: inside a chunk", true),
    MOMENT_ELSEWHERE("at any moment: elsewhere", false);

    private final String words;
    private final boolean insideChunk;

    Phase(String words, boolean insideChunk) {
        this.words = words;
        this.insideChunk = insideChunk;
    }

    /** Whether what was done in the chunk so far is to vanish, and all of it. */
    boolean insideChunk() {
        return insideChunk;
    }

    /** @param answered whether the server has answered; else the statement has not reached it */
    boolean at(Sent statement, boolean answered) {
        boolean inChunk = statement.place() == Place.CHUNK && !Sent.ends(statement.sql());
        boolean context = statement.sql().toLowerCase(Locale.ROOT).contains("batch_step_execution_context");
        return switch (this) {
            case BETWEEN_STATEMENTS -> !answered && inChunk && !context;
            case BEFORE_CONTEXT -> !answered && inChunk && context;
            case BEFORE_COMMIT -> !answered && statement.commitsChunk();
            case AFTER_COMMIT -> answered && statement.commitsChunk();
            case OPENING -> !answered && statement.place() == Place.OPENING;
            case END_OF_STEP -> statement.is("UPDATE nightshift.step");
            case END_OF_RUN ->
                statement.is("UPDATE nightshift.run r\nSET state")
                        || statement.is("UPDATE nightshift.attempt\nSET state = $1,");
            case TAKE_OVER ->
                statement.is("UPDATE nightshift.fence") || statement.is("WITH run AS (\n  UPDATE nightshift.run");
            case MOMENT_IN_CHUNK, MOMENT_ELSEWHERE -> false;
        };
    }

    /** Whether it is a moment in time rather than a statement. */
    boolean timed() {
        return this == MOMENT_IN_CHUNK || this == MOMENT_ELSEWHERE;
    }

    /** What goes on now, for a kill at any moment. */
    static Phase now(WireProxy proxy) {
        boolean inChunk = proxy.sessions().stream().anyMatch(session -> session.place() == Place.CHUNK);
        return inChunk ? MOMENT_IN_CHUNK : MOMENT_ELSEWHERE;
    }

    @Override
    public String toString() {
        return words;
    }
}
