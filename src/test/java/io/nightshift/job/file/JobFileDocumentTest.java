package io.nightshift.job.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.content.ContentFile;
import io.nightshift.job.ParameterDefinition;
import io.nightshift.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/job-file.md} against the reader. */
class JobFileDocumentTest {

    private final String page = read();

    @Test
    void theExamplesAreRight() {
        Problems problems = new Problems();
        List<String> examples = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(example -> example.group(1))
                .map(text -> text.contains("steps:") ? text : text + "steps: [{sql: a.b}]\n")
                .toList();
        assertThat(examples).hasSizeGreaterThan(1);
        examples.forEach(text -> JobFiles.read(List.of(new ContentFile("jobs/an-example.yml", text)), problems));
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void everyKeyHasItsRow() {
        List<String> rows = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|")
                .matcher(page)
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
        assertThat(rows).containsAll(Keys.JOB).containsAll(Keys.PARAMETER).containsAll(Keys.SCHEDULE);
        assertThat(rows)
                .containsAll(Stream.of(ParameterDefinition.Type.values())
                        .map(ParameterDefinition.Type::word)
                        .toList());
    }

    private static String read() {
        try {
            return Files.readString(Path.of("docs/job-file.md"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
