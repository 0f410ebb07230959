package io.nightshift.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.chunk.Counts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    void aFinishedStepIsOneLineAndNoBlankOne() {
        try (ProgressBars bars = new ProgressBars(new PrintStream(shown, true), 100)) {
            bars.stepStarted("users", "load", 10, false, Counts.ZERO);
            bars.chunkCommitted("users", new Counts(10, 10, 0, 0));
            bars.stepEnded("users", "COMPLETED");
            bars.stepStarted("analyze", "sql", -1, false, Counts.ZERO);
            bars.stepEnded("analyze", "COMPLETED");
        }

        assertThat(shown.toString(StandardCharsets.UTF_8).split("\n"))
                .as("line ends, whatever was overwritten in between")
                .hasSize(2)
                .satisfiesExactly(
                        users -> assertThat(users).contains("users: 10 rows in"), analyze -> assertThat(analyze)
                                .contains("analyze: 0 rows in")
                                .doesNotContain("/?"));
    }
}
