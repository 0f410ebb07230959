package io.nightshift.cli.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.chunk.Counts;
import io.nightshift.cli.terminal.Json;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.history.RejectHistory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunAnswerTest {

    private static final RunResult DONE = new RunResult(
            42,
            "load-users",
            "COMPLETED",
            ExitCode.DONE,
            1,
            12.3456,
            new Counts(1000, 997, 3, 0),
            List.of(new RunResult.StepResult("users", "load", "COMPLETED", new Counts(1000, 997, 3, 0), 2, 0, 12.1)),
            List.of(),
            List.of());

    private static final RejectHistory.Cause CAUSE = new RejectHistory.Cause(
            "23514", Optional.of("users_age"), Optional.empty(), Optional.of("nobody is younger than 0"));

    private static final RejectHistory.Group GROUP = new RejectHistory.Group(
            "load-users",
            "users",
            CAUSE,
            3,
            List.of(new RejectHistory.Reject(
                    7,
                    42,
                    "load-users",
                    "users",
                    new RejectHistory.Place(
                            Optional.of("users.csv"), Optional.of(16L), Optional.of(17L), Optional.of(400L), List.of()),
                    Optional.empty(),
                    0,
                    CAUSE,
                    "new row violates\ncheck constraint",
                    "open",
                    Instant.EPOCH)));

    @Test
    void theDocumentHasTheKeysThatScriptsRelyOn() {
        RunAnswer answer = new RunAnswer(DONE, List.of(), List.of(), ExitCode.DONE);

        assertThat(Json.write(answer.document()))
                .isEqualTo(
                        """
                {"format":1,"run":42,"job":"load-users","status":"COMPLETED","exit":0,"attempts":1,"seconds":12.346,\
                "rows":{"read":1000,"written":997,"rejected":3,"skipped":0},\
                "steps":[{"name":"users","kind":"load","status":"COMPLETED","read":1000,"written":997,"rejected":3,\
                "skipped":0,"chunks":2,"retries":0,"seconds":12.1}]}""");
    }

    @Test
    void theTextShowsStepsAndWhyRowsWereRejected() {
        RunAnswer answer = new RunAnswer(DONE, List.of(GROUP), List.of(), ExitCode.DONE);

        assertThat(answer.text())
                .isEqualToNormalizingNewlines(
                        """
                Run 42 of load-users: COMPLETED after 12.3 s
                  step   kind  status      read  written  rejected  skipped  chunks  retries  time
                  users  load  COMPLETED  1,000      997         3        0       2        0  12.1 s
                3 rows were rejected:
                  users: 3 x 23514 users_age (nobody is younger than 0), first at users.csv:17: new row violates; check constraint
                  All of them: nightshift rejects 42""");
    }

    @Test
    void aFailureSaysWhatStaysAndHowToGoOn() {
        Problem problem = new Problem("Run 42 of load-users", "the server is gone", "Go on with: nightshift resume 42");
        RunResult failed = new RunResult(
                42, "load-users", "FAILED", ExitCode.FAILED, 2, 1, Counts.ZERO, List.of(), List.of(problem), List.of());
        RunAnswer answer = new RunAnswer(failed, List.of(), List.of(), ExitCode.FAILED);

        assertThat(answer.text())
                .isEqualToNormalizingNewlines(
                        """
                Run 42 of load-users: FAILED after 1.0 s, 2 attempts
                Run 42 of load-users: the server is gone
                  Go on with: nightshift resume 42""");
        assertThat(answer.document())
                .containsEntry("problems", List.of(problem))
                .containsEntry("exit", 1);
    }
}
