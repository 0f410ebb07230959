package io.nightshift.run.attempt;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.nightshift.chunk.Progress;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnsweredCommitsTest {

    /** What it forgot would be shown to nobody, since every step of a run tells it and no other. */
    @ParameterizedTest
    @MethodSource("told")
    void whatIsToldIsPassedOn(Method told) {
        assertThatCode(() -> AnsweredCommits.class.getDeclaredMethod(told.getName(), told.getParameterTypes()))
                .doesNotThrowAnyException();
    }

    static Stream<Method> told() {
        return Stream.of(Progress.class.getDeclaredMethods()).filter(Method::isDefault);
    }
}
