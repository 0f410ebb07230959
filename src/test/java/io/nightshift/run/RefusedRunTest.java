package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end before they have done anything, and what helps against it. */
class RefusedRunTest {

    static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aRunThatIsRefusedForItsFilesNamesAllOfThemAndIsNotContinued() {
        DATABASE.execute("CREATE TABLE visit (id int PRIMARY KEY, name text)");
        TestHome files = TestHome.in(directory)
                .with("in/a.csv", "id,nmae\n1,anna\n")
                .with("in/b.csv", "id,name,age\n2,ben,3\n")
                .with("jobs/load-visits.yml", "steps:\n  - load: {from: in/*.csv, into: visit}\n")
                .on(DATABASE);

        RunResult refused = TestRun.of(files.home(), "load-visits");

        assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.problems())
                .extracting(Problem::what)
                .containsExactly(
                        "the field \"nmae\" has no column in public.visit",
                        "the field \"age\" has no column in public.visit");
        assertThatThrownBy(() -> TestRun.resume(files.home(), refused.run()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("ended before it did anything");

        files.with("in/a.csv", "id,name\n1,anna\n").with("in/b.csv", "id,name\n2,ben\n");
        RunResult mended = TestRun.of(files.home(), "load-visits");

        assertThat(mended.problems()).isEmpty();
        assertThat(mended.run()).isGreaterThan(refused.run());
        assertThat(DATABASE.value("SELECT count(*) FROM visit")).isEqualTo("2");
    }

    @Test
    void aRunWhoseChildIsRefusedIsNotContinuedEither() {
        DATABASE.execute("CREATE TABLE parcel (id int PRIMARY KEY)");
        TestHome files = TestHome.in(directory)
                .with("parcels.csv", "number\n1\n")
                .with("jobs/load-parcels.yml", "steps:\n  - load: {from: parcels.csv, into: parcel}\n")
                .with("jobs/weekly.yml", "steps:\n  - job: {name: load-parcels}\n")
                .on(DATABASE);

        RunResult refused = TestRun.of(files.home(), "weekly");
        assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.problem().orElseThrow().what()).contains("\"number\" has no column");

        files.with(
                "jobs/load-parcels.yml",
                "steps:\n  - load: {from: parcels.csv, into: parcel, columns: {number: id}}\n");
        RunResult mended = TestRun.of(files.home(), "weekly");

        assertThat(mended.problems()).isEmpty();
        assertThat(mended.run()).isGreaterThan(refused.run());
    }

    @Test
    void aRunThatHasCommittedSomethingIsKeptToBeContinued() {
        DATABASE.execute("CREATE TABLE letter (id int PRIMARY KEY)");
        TestHome files = TestHome.in(directory)
                .with("good.csv", "id\n1\n")
                .with("bad.csv", "number\n2\n")
                .with(
                        "jobs/load-letters.yml",
                        "steps:\n  - load: {name: good, from: good.csv, into: letter}\n"
                                + "  - load: {name: bad, from: bad.csv, into: letter}\n")
                .on(DATABASE);
        RunResult failed = TestRun.of(files.home(), "load-letters");
        assertThat(failed.exit()).isEqualTo(ExitCode.USAGE);

        files.with("bad.csv", "id\n2\n");

        assertThat(TestRun.of(files.home(), "load-letters").run()).isEqualTo(failed.run());
    }

    @Test
    void keysThatTheQueryDoesNotReturnAreRefusedBeforeAnythingIsDone() {
        DATABASE.execute("CREATE TABLE seat (row int, place int, taken boolean, PRIMARY KEY (row, place));"
                + " INSERT INTO seat VALUES (1, 1, false)");
        RunResult refused =
                TestRun.of(keyed("take-seats", "SELECT row, place FROM seat", "#{keys.number}"), "take-seats");

        assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.problem().orElseThrow().text())
                .isEqualToNormalizingNewlines(
                        """
                        mappers/seat.xml:4 (seat.take): uses #{keys.number}, which the keys do not have: their columns are row, place
                          Write #{keys.row} and #{keys.place}.""");
    }

    @Test
    void aKeyColumnThatNoMapperCanNameIsToGetAnAliasFirst() {
        DATABASE.execute("CREATE TABLE parking (\"Order Id\" int, place int, taken boolean)");
        for (String used : List.of("#{keys.number}", "#{keys}")) {
            RunResult refused =
                    TestRun.of(keyed("take-orders", "SELECT \"Order Id\", place FROM parking", used), "take-orders");

            assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(refused.problem().orElseThrow().fix())
                    .endsWith("et keys return \"Order Id\" AS order_id, then write #{keys.orderId} and #{keys.place}.")
                    .startsWith("Let ");
        }
        assertThat(TestRun.of(
                                keyed(
                                        "take-aliases",
                                        "SELECT \"Order Id\" AS order_id, place FROM parking",
                                        "#{keys.orderId}"),
                                "take-aliases")
                        .problems())
                .as("what is advised is taken")
                .isEmpty();
    }

    @Test
    void afterAWrongStatementTheAdviceIsToStartAnew() {
        DATABASE.execute(
                "CREATE TABLE IF NOT EXISTS seat (row int, place int, taken boolean); INSERT INTO seat VALUES (9, 9)");
        Home home = keyed("take-rows", "SELECT place FROM seat", "#{keys} AND nowhere = 1");

        RunResult failed = TestRun.of(home, "take-rows");

        assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.problem().orElseThrow().what())
                .isEqualTo("column \"nowhere\" does not exist (SQLSTATE 42703)");
        assertThat(failed.problem().orElseThrow().fix())
                .isEqualTo(
                        "What was committed stays. Mend the statement and start anew: nightshift run take-rows --new."
                                + " If it was the schema that was wrong: nightshift resume " + failed.run());
    }

    private Home keyed(String job, String keys, String used) {
        return TestHome.in(directory)
                .with(
                        "mappers/seat.xml",
                        """
                        <mapper namespace="seat">
                          <select id="free">/* nightshift: seat.free */
                            %s</select>
                          <update id="take">/* nightshift: seat.take */
                            UPDATE seat SET taken = true WHERE place = ANY (%s)</update>
                        </mapper>
                        """
                                .formatted(
                                        keys, used.contains(" ") ? used.replaceFirst(" ", ") ") + " AND (true" : used))
                .with("jobs/" + job + ".yml", "steps:\n  - update: {table: seat, keys: seat.free, apply: seat.take}\n")
                .on(DATABASE)
                .home();
    }

    @Test
    void abandoningARunAbandonsTheUnfinishedOnesThatItsStepsBegan() {
        DATABASE.execute("CREATE TABLE crate (id int PRIMARY KEY)");
        Home home = TestHome.in(directory)
                .with("crates.csv", "id\n1\nnone\n")
                .with("jobs/load-crates.yml", "steps:\n  - load: {from: crates.csv, into: crate}\n")
                .with("jobs/daily.yml", "steps:\n  - job: {name: load-crates}\n")
                .on(DATABASE)
                .home();
        long failed = TestRun.of(home, "daily").run();

        try (Database database = Database.open(home, Settings.of(home), Database.Access.WRITE)) {
            new RunControl(database).abandon(failed, "anna", "not needed");
        }

        assertThat(DATABASE.value("SELECT string_agg(job || ' ' || state || ': ' || reason, '; ' ORDER BY run)"
                        + " FROM nightshift.run WHERE " + failed + " IN (run, parent_run)"))
                .isEqualTo("daily ABANDONED: not needed; load-crates ABANDONED: not needed (with run " + failed + ")");
    }
}
