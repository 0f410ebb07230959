package io.nightshift.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.RejectLimit;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StepTallyTest {

    private final StepTally tally = new StepTally(
            "users",
            new StepTally.Limits(RejectLimit.NONE, OptionalLong.of(10)),
            Progress.SILENT,
            new Counts(2, 2, 0, 0),
            1000);

    @Test
    void chunksThatAreBeingCommittedCountAgainstTheMostRows() {
        assertThat(tally.admit(4)).isTrue();
        assertThat(tally.admit(5)).as("2 done, 4 under way").isFalse();
        tally.release(5);
        assertThat(tally.admit(4)).isTrue();
        tally.committed(new Counts(4, 4, 0, 0));
        tally.committed(new Counts(4, 3, 0, 1));
        assertThat(tally.admit(1)).as("10 done").isFalse();
    }

    @Test
    void aChunkThatWasRolledBackMakesRoom() {
        assertThat(tally.admit(8)).isTrue();
        tally.release(8);
        assertThat(tally.admit(8)).isTrue();
    }
}
