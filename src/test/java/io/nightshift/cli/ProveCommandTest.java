package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole night is proven, with the run that one of its steps began and the files that it wrote. */
class ProveCommandTest {

    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path home;

    @BeforeEach
    void aNight() {
        database.execute("CREATE TABLE words (word text PRIMARY KEY, n int)");
        TestHome.in(home)
                .with("words.csv", "word\nmoss\nfern\n")
                .with(
                        "jobs/whole-night.yml",
                        """
                        steps:
                          - load: {name: words, from: words.csv, into: words}
                          - job: {name: number-words}
                          - report: {select: words.report, output: {csv: true, html: true}}
                          - export: {keys: words.all, select: words.exported, file: out/words.csv}
                          - sql: words.analyze
                        """)
                .with(
                        "jobs/number-words.yml",
                        """
                        steps:
                          - backfill: {table: words, keys: words.unnumbered, apply: words.number}
                        """)
                .with(
                        "mappers/words.xml",
                        """
                        <mapper namespace="words">
                          <select id="unnumbered">
                            /* nightshift: words.unnumbered */
                            SELECT word FROM words WHERE n IS NULL
                          </select>
                          <select id="all">
                            /* nightshift: words.all */
                            SELECT word FROM words
                          </select>
                          <update id="number">
                            /* nightshift: words.number */
                            UPDATE words SET n = 1 WHERE word = ANY (#{keys}) AND n IS NULL
                          </update>
                          <select id="report">
                            /* nightshift: words.report */
                            SELECT count(*) AS words FROM words
                          </select>
                          <select id="exported">
                            /* nightshift: words.exported */
                            SELECT word, n FROM words WHERE word = ANY (#{keys}) ORDER BY word
                          </select>
                          <update id="analyze">
                            /* nightshift: words.analyze */
                            ANALYZE words
                          </update>
                        </mapper>
                        """)
                .on(database);
        assertThat(in("run whole-night").exit()).isZero();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void aNightThatNobodyTouchedHoldsAndSaysWhatItSawAndWhatNot() {
        Answer answer = in("prove 1");

        assertThat(answer.out().lines())
                .startsWith(
                        "Run 1 of whole-night holds.", "Run 1 of whole-night", "  holds     its one attempt adds up")
                .contains(
                        "Step words (load)",
                        "  holds     each of 2 records lies in one chunk of the ledger, or is a reject in one",
                        "Step number-words (job)",
                        "Run 2 of number-words",
                        "Step words.number (backfill)",
                        "  holds     words.unnumbered finds nothing in the range but what was rejected",
                        "  holds     2 written files are as they were when written",
                        "  holds     1 written file is as it was when written",
                        "  not seen  what words.analyze did to the data: it has no keys to ask for again");
        assertThat(answer.exit()).isZero();
    }

    @Test
    void whatDoesNotHoldIsNamedWithItsPlaceAndEndsWithOne() throws IOException {
        Path export = home.resolve("out/words.csv");
        Files.writeString(export, "word,n\nfern,1\n");
        Files.delete(home.resolve("reports/whole-night/words.report.csv"));
        database.execute("DELETE FROM nightshift.ledger WHERE run = 2");

        Answer answer = in("prove 1");

        assertThat(answer.out())
                .startsWith("Run 1 of whole-night does not hold in 6 places:")
                .contains(
                        "  step words.exported, " + export
                                + ": is not the file that the step wrote: it had 21 bytes and the SHA-256 ",
                        "reports/whole-night/words.report.csv: is gone since the step wrote it",
                        "  run 2 of number-words, step words.number, piece 1: has no chunk that begins at its start",
                        "  step number-words, step number-words: counts 2 read, 2 written, 0 rejected and 0 skipped, but run 2, which it began, counts 0 read");
        assertThat(answer.exit()).isEqualTo(1);
    }

    @Test
    void differencesThatLaterWritesCanExplainMayBeAccepted() {
        database.execute("UPDATE words SET n = NULL WHERE word = 'fern'");

        assertThat(in("prove 1").exit()).isEqualTo(1);
        assertThat(in("prove 1").out())
                .contains(
                        "does not hold in 1 place; later writes can explain it:",
                        "their rows were written after the step had ended [later writes can explain it]");
        assertThat(in("prove 1 --accept-later").exit()).isZero();
        assertThat(in("prove 1 --json").document())
                .containsEntry("holds", false)
                .containsEntry("explained", true);

        database.execute("UPDATE nightshift.ledger SET millis = -1 WHERE run = 2");
        assertThat(in("prove 1 --accept-later").exit()).isEqualTo(1);
    }

    @Test
    void rejectsOfARunThatAStepBeganAreThatRunsOwn() {
        TestHome.in(home)
                .with("twice.csv", "word\nmoss\nlichen\n")
                .with("jobs/load-twice.yml", "steps:\n  - load: {from: twice.csv, into: words, reject-limit: 1}\n")
                .with("jobs/take-in.yml", "steps:\n  - job: {name: load-twice}\n");
        assertThat(in("run take-in").exit()).isZero();

        assertThat(in("prove 3").out()).startsWith("Run 3 of take-in holds.").contains("Run 4 of load-twice");

        database.execute("DELETE FROM nightshift.reject");
        assertThat(in("prove 3").out()).contains("run 4 of load-twice, step words, rejects: there are 0");
    }

    @Test
    void aFileThatALaterRunWroteAnewIsNoDifference() {
        database.execute("INSERT INTO words VALUES ('lichen', 7)");
        assertThat(in("run whole-night").exit()).isZero();

        Answer answer = in("prove 1");

        assertThat(answer.out()).contains("out/words.csv: run 3 has written it anew");
        assertThat(answer.exit()).isZero();
        assertThat(in("prove 3").exit()).isZero();
    }

    @Test
    void whatIsNotProvenYetIsProvenAtOnceAndOnRecordOnce() {
        assertThat(in("prove --unproven --record").out())
                .contains("Run 1 of whole-night holds.", "Run 2 of number-words")
                .doesNotContain("Run 2 of number-words holds.");
        assertThat(in("prove --unproven --record").out()).startsWith("There is no completed run that is not proven.");
        assertThat(in("show 2").out()).contains("proof", "it holds");

        assertThat(in("run number-words").exit()).isZero();
        database.execute(
                "UPDATE nightshift.step SET seal = 'x' WHERE run = 3; DELETE FROM nightshift.event WHERE run = 1");
        Answer answer = in("prove --unproven --record --json");
        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.document().get("runs")).asList().hasSize(2);
        assertThat(in("prove --unproven").out()).startsWith("Run 3 of number-words does not hold in 1 place:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prove", "prove 1 --unproven"})
    void itWantsARunOrAllThatAreNotProven(String words) {
        assertThat(in(words).err()).contains("Say the number of a run");
        assertThat(in(words).exit()).isEqualTo(2);
    }

    private Answer in(String words) {
        return Answer.to(("--home " + home + " " + words).split(" "));
    }
}
