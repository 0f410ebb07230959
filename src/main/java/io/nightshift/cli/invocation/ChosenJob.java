package io.nightshift.cli.invocation;

import io.nightshift.run.work.StartRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is typed to choose the work that is looked at before it runs: job, parameters, keys. */
public final class ChosenJob {

    @Parameters(index = "0", paramLabel = "JOB", description = "The name of a file in jobs/, without its ending.")
    private String job = "";

    @Parameters(index = "1..*", paramLabel = "name=value", description = "The job's parameters, as for run.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--keys-from",
            paramLabel = "FILE",
            description = "Only the keys that are listed there, as for run.")
    private Optional<Path> keysFrom = Optional.empty();

    /**
     * The run as it would begin now.
     *
     * @throws io.nightshift.problem.ProblemException when a word is no parameter, or the keys cannot be read
     */
    public StartRequest request(Invocation invocation) {
        return new StartRequest(
                job,
                Arguments.read(job, arguments),
                false,
                Optional.empty(),
                invocation.directory(),
                Optional.empty(),
                invocation.who(),
                keysFrom.map(KeysFile::read));
    }
}
