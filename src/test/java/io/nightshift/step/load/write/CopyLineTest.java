package io.nightshift.step.load.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class CopyLineTest {

    /** As PostgreSQL's translations word it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY posts, line 42, column score: \"1x\"",
                "COPY posts, Zeile 42, Spalte score: »1x«",
                "COPY posts, ligne 42, colonne score : « 1x »",
                "COPY posts, строка 42: \"7\t1x\"",
                "COPY posts, línea 42",
                "postsのCOPY、行 42、列 score: \"1x\"",
                "posts 복사, 42번째 줄, score 열: \"1x\"",
                "COPY posts, 42행, score 열: null 입력"
            })
    void theLineIsFoundInEveryLanguage(String context) {
        assertThat(CopyLine.of(failure(context), "posts")).hasValue(42);
    }

    @Test
    void theLineStandsBehindWhatATriggerSays() {
        assertThat(CopyLine.of(
                        failure("PL/pgSQL function check_7() line 3 at RAISE\nCOPY posts, line 42: \"9\""), "posts"))
                .hasValue(42);
    }

    @Test
    void whatIsNotAboutALineOfThisTableNamesNone() {
        assertThat(CopyLine.of(failure("SQL statement \"SELECT 1 FROM ONLY posts 5\""), "posts"))
                .isEmpty();
        assertThat(CopyLine.of(failure("COPY posts_2, line 42"), "posts")).isEmpty();
        assertThat(CopyLine.of(new SQLException("no server said this"), "posts"))
                .isEqualTo(OptionalInt.empty());
    }

    private static SQLException failure(String context) {
        return new PSQLException(new ServerErrorMessage("SERROR\0C22P02\0Mwrong\0W" + context + "\0"));
    }
}
