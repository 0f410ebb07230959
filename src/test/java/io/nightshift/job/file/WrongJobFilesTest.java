package io.nightshift.job.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every case of {@code wrong-jobs.txt}: files that are wrong, and word for word what is said about them. */
class WrongJobFilesTest {

    @TestFactory
    Stream<DynamicTest> everyFaultIsNamedWithItsPlaceAndARemedy() throws IOException {
        return parts("(?m)^=== ", resource()).map(WrongJobFilesTest::test);
    }

    private static DynamicTest test(String part) {
        int name = part.indexOf('\n');
        int expected = part.indexOf(">>>\n");
        return DynamicTest.dynamicTest(
                part.substring(0, name),
                () -> assertThat(messages(part.substring(name + 1, expected))).isEqualTo(part.substring(expected + 4)));
    }

    private static String messages(String files) {
        Problems problems = new Problems();
        JobFiles.read(files(files), problems);
        return problems.all().stream()
                .map(Problem::text)
                .map(text -> text.replace(System.lineSeparator(), "\n") + "\n")
                .collect(Collectors.joining());
    }

    /** One file, or several that each begin with a line "@ name". */
    private static List<ContentFile> files(String text) {
        if (!text.startsWith("@ ")) {
            return List.of(new ContentFile("jobs/load-users.yml", text));
        }
        return parts("(?m)^@ ", text)
                .map(file -> new ContentFile(
                        "jobs/" + file.substring(0, file.indexOf('\n')), file.substring(file.indexOf('\n') + 1)))
                .toList();
    }

    private static Stream<String> parts(String separator, String text) {
        return Arrays.stream(text.split(separator)).filter(part -> !part.isEmpty());
    }

    private static String resource() throws IOException {
        try (var bytes = WrongJobFilesTest.class.getResourceAsStream("wrong-jobs.txt")) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
