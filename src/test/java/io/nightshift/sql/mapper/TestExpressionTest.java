package io.nightshift.sql.mapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestExpressionTest {

    @Test
    void findsTheNamesOfATest() {
        assertThat(TestExpression.names("a != null and (not b or keys.teamId >= -1.5) && c eq 'text' || true"))
                .containsExactly("a", "b", "keys.teamId", "c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a = 1",
                "a.b.c",
                "a ? 1 : 2",
                "a in b",
                "new x",
                "#a",
                "a[0]",
                "a + 1 > 2",
                "{1}",
                "a, b",
                "a == ",
                "",
                "(a",
                "a b",
                "a instanceof b",
                "'a' == a",
                "a == 'b\\u0027'",
                "_parameter != null",
                "a()",
                "a.b()",
                "and",
                "a == b == c",
                "a != null)",
            })
    void refusesWhateverElseMyBatisWouldEvaluate(String test) {
        assertThatThrownBy(() -> TestExpression.names(test)).isInstanceOf(IllegalArgumentException.class);
    }
}
