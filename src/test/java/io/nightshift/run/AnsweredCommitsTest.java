package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.chunk.Progress;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AnsweredCommitsTest {

    @Test
    void nothingThatIsToBeShownIsKeptBack() {
        assertThat(Arrays.stream(AnsweredCommits.class.getDeclaredMethods()).map(Method::getName))
                .containsAll(Arrays.stream(Progress.class.getDeclaredMethods())
                        .filter(Method::isDefault)
                        .map(Method::getName)
                        .toList());
    }
}
