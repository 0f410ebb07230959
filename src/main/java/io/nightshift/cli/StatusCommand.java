package io.nightshift.cli;

import io.nightshift.cli.answer.StatusAnswer;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.Past;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Shows what runs now, and which runs wait for somebody to continue them.")
final class StatusCommand implements Callable<Integer> {

    private final Invocation invocation;

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        if (!invocation.hasDatabase(home)) {
            invocation.answer(StatusAnswer.NOTHING::document, () -> Past.NO_DATABASE);
            return ExitCode.DONE.code();
        }
        Optional<StatusAnswer> answer = invocation.looking(
                home, database -> Past.of(database).map(history -> StatusAnswer.of(database, history)));
        invocation.answer(() -> answer.orElse(StatusAnswer.NOTHING).document(), () -> answer.map(StatusAnswer::text)
                .orElse(Past.NONE));
        return ExitCode.DONE.code();
    }
}
