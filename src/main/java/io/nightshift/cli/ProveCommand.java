package io.nightshift.cli;

import io.nightshift.cli.answer.ProveAnswer;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.Past;
import io.nightshift.cli.terminal.Json;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.prove.Prover;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prove",
        description =
                "Holds what a finished run wrote down against the data and the input; ends with 1 when something does not"
                        + " hold. Changes nothing, unless --record is given.")
final class ProveCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "The number of the run.")
    private Optional<Long> run = Optional.empty();

    @Option(names = "--unproven", description = "Every completed run of which no proof is written down yet.")
    private boolean unproven;

    @Option(
            names = "--accept-later",
            description = "Take it as proven where writes that came after the run can explain every difference.")
    private boolean acceptLater;

    @Option(
            names = "--record",
            description = "Write down that the run was proven, so that purge-history may collapse its chunks.")
    private boolean record;

    ProveCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (run.isPresent() == unproven) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    "nightshift prove",
                    unproven ? "both a RUN and --unproven are given" : "neither a RUN nor --unproven is given",
                    "Say the number of a run (see: nightshift history), or --unproven for all that are not proven yet.");
        }
        return record
                ? invocation.writing(invocation.home(), this::prove)
                : invocation.looking(invocation.home(), this::prove);
    }

    private int prove(Database database) {
        return run.isPresent() ? one(database, run.get()) : all(database);
    }

    private int one(Database database, long number) {
        Past.run(database, number);
        ProveAnswer answer = prove(new Prover(invocation.home(), database), number);
        invocation.answer(answer::document, answer::text);
        return good(answer) ? ExitCode.DONE.code() : ExitCode.FAILED.code();
    }

    private ProveAnswer prove(Prover prover, long number) {
        ProveAnswer answer = new ProveAnswer(prover.prove(number));
        if (record && good(answer)) {
            prover.record(answer.proven(), invocation.who());
        }
        return answer;
    }

    /** One run that cannot be looked at does not keep the others from being proven. */
    private int all(Database database) {
        List<ProveAnswer> answers = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        if (database.hasOwnTables()) {
            Prover prover = new Prover(invocation.home(), database);
            for (long number : prover.unproven()) {
                try {
                    answers.add(prove(prover, number));
                    invocation.say(answers.get(answers.size() - 1).text());
                } catch (ProblemException refused) {
                    problems.addAll(refused.problems());
                    refused.problems().forEach(problem -> invocation.say(problem.text()));
                }
            }
        }
        if (answers.isEmpty() && problems.isEmpty()) {
            invocation.say("There is no completed run that is not proven.");
        }
        if (invocation.json()) {
            invocation.answer(() -> document(answers, problems), () -> "");
        }
        return problems.isEmpty() && answers.stream().allMatch(this::good)
                ? ExitCode.DONE.code()
                : ExitCode.FAILED.code();
    }

    private static Map<String, Object> document(List<ProveAnswer> answers, List<Problem> problems) {
        return Json.document(
                "runs",
                Json.list(answers, ProveAnswer::object),
                "problems",
                Json.list(
                        problems,
                        problem ->
                                Json.object("where", problem.where(), "what", problem.what(), "fix", problem.fix())));
    }

    private boolean good(ProveAnswer answer) {
        return answer.proven().holds() || acceptLater && answer.proven().explained();
    }
}
