package io.nightshift.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            postgres://ann:secret@db.example.com:6543/sales              | db.example.com:6543/sales as ann       | secret
            postgresql://ann@db/sales                                    | db:5432/sales as ann                   | -
            postgresql+asyncpg://ann:s%40cr%2Ft%25@db/sales              | db:5432/sales as ann                   | s@cr/t%
            postgresql+psycopg2://ann:a+b@db/sales                       | db:5432/sales as ann                   | a+b
            postgres://ann:p%3Aw@db/sales                                | db:5432/sales as ann                   | p:w
            postgres://ann:p@ss@db/sales                                 | db:5432/sales as ann                   | p@ss
            postgres://b%C3%B6b@db/s%20p                                 | db:5432/s p as böb                     | -
            postgresql://                                                | localhost:5432/somebody as somebody    | -
            postgresql:///sales                                          | localhost:5432/sales as somebody       | -
            postgresql:///sales?host=db&port=6000&user=ann&password=x    | db:6000/sales as ann                   | x
            postgresql://db                                              | db:5432/somebody as somebody           | -
            postgresql://[::1]:6543/sales                                | [::1]:6543/sales as somebody           | -
            postgresql://one:1111,two/sales                              | one:1111,two:5432/sales as somebody    | -
            jdbc:postgresql://db:6543/sales?user=ann&password=s%40cret   | db:6543/sales as ann                   | s@cret
            jdbc:postgresql://one:1111,two/sales                         | one:1111,two:5432/sales as somebody    | -
            jdbc:postgresql:sales                                        | localhost:5432/sales as somebody       | -
            """)
    void everyUsualSpellingIsUnderstood(String url, String description, String password) {
        Target target = parse(url).target();
        assertThat(target.toString()).isEqualTo(description);
        assertThat(target.password()).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem | sslmode=verify-full sslrootcert=/etc/ca.pem
            ssl=true                                        | sslmode=require
            ssl=verify-full                                 | sslmode=verify-full
            sslmode=verify-full&sslrootcert=system          | sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory sslmode=verify-full
            target_session_attrs=read-write                 | targetServerType=primary
            """)
    void optionsReachTheDriver(String options, String expected) {
        assertThat(parse("postgresql://db/sales?" + options).target().options().entrySet().stream()
                        .map(Object::toString)
                        .sorted())
                .isEqualTo(List.of(expected.split(" ")));
    }

    @Test
    void optionsOfOtherProgramsAreNamedAndPassedOver() {
        assertThat(parse("postgresql://db/sales?pgbouncer=true&connection_limit=5&sslmode=require")
                        .ignored())
                .containsExactly("pgbouncer", "connection_limit");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            mysql://ann:topsecret@db/sales                  | does not begin with postgresql://, postgres:// or jdbc:postgresql:.
            db/sales                                        | does not begin with postgresql://, postgres:// or jdbc:postgresql:.
            postgres://ann:topsecret@db:sales               | has the port "sales"; ports are numbers from 1 to 65535.
            postgres://ann:topsecret@db:99999/sales         | has the port "99999"; ports are numbers from 1 to 65535.
            postgres://ann:topsecret%4@db/sales             | has a % that is not followed by two hexadecimal digits; % itself is written %25.
            postgres://ann:topsecret@%2Fvar%2Frun/sales     | names a Unix socket; the driver speaks TCP only.
            postgres://ann:topsecret@db/sales?sslmode=ful   | has sslmode=ful. Known are: allow, disable, prefer, require, verify-ca, verify-full.
            postgres://ann:topsecret@db/sales?sslmod=require | has the option "sslmod", which is not known. Did you mean "sslmode"?
            jdbc:postgresql://db/sales?user=a&password=topsecret&sslmod=require | has the option "sslmod", which the JDBC driver does not know.
            """)
    void whatIsWrongIsSaidWithoutTheAddress(String url, String what) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> parse(url));
        assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.problems().get(0).where()).isEqualTo("DATABASE_URL");
        assertThat(refused.problems().get(0).what()).isEqualTo(what);
        assertThat(refused.getMessage()).doesNotContain("topsecret");
    }

    @Test
    void thePasswordIsInNoText() {
        DatabaseUrl url = new DatabaseUrl("DATABASE_URL", "postgres://ann:topsecret@db/sales");
        assertThat(url.toString() + url.parse("x") + url.parse("x").target().jdbcUrl())
                .doesNotContain("topsecret");
    }

    private static DatabaseUrl.Parsed parse(String url) {
        return new DatabaseUrl("DATABASE_URL", url).parse("somebody");
    }
}
