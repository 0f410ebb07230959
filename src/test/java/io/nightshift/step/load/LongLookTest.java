package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongLookTest {

    static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aFileIsLookedThroughWhileNoTransactionIsOpen() throws IOException {
        DATABASE.execute("CREATE TABLE line (id int, text text)");
        String text = "abcdefghij".repeat(200);
        Home home = TestHome.in(directory)
                .with(
                        "lines.jsonl",
                        IntStream.range(0, 20_000)
                                .mapToObj(id -> "{\"id\":%d,\"text\":\"%s\"}\n".formatted(id, text))
                                .collect(Collectors.joining()))
                .with(
                        "jobs/load-lines.yml",
                        "description: Long.\nsteps:\n  - load: {from: lines.jsonl, into: line, chunk: 10}\n")
                .on(DATABASE)
                .home();
        Path settings = directory.resolve("config/application.yml");
        Files.writeString(settings, Files.readString(settings) + "    idle-in-transaction-timeout: 150ms\n");

        RunResult result = TestRun.of(home, "load-lines");

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows().written()).isEqualTo(20_000);
    }
}
