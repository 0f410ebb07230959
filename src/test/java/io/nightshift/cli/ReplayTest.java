package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rejects are looked at, and tried again when their cause is mended. */
class ReplayTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String UPSERT =
            """
            INSERT INTO people (name, town, age)
            SELECT name, town, age FROM loaded
            ON CONFLICT (name) DO UPDATE SET town = EXCLUDED.town, age = EXCLUDED.age
            """;

    private static final String JOB =
            """
            lock-timeout: none
            parameters:
              file: {type: path, default: people.csv}
            steps:
              - load: {name: people, from: "${file}", merge: people.mergeLoaded, merge-key: [name], reject-limit: 100, chunk: 3}
            """;

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @BeforeEach
    void aTableWithAParent() {
        DATABASE.execute(
                """
                DROP SCHEMA IF EXISTS nightshift CASCADE;
                DROP TABLE IF EXISTS people, towns;
                CREATE TABLE towns (town text PRIMARY KEY);
                INSERT INTO towns VALUES ('Ulm');
                CREATE TABLE people (
                  name text PRIMARY KEY,
                  town text CONSTRAINT people_town_fkey REFERENCES towns,
                  age int CONSTRAINT people_age_check CHECK (age < 150)
                );
                COMMENT ON CONSTRAINT people_town_fkey ON people IS 'the town is known'""");
        home().with("mappers/people.xml", mapper(UPSERT))
                .with("jobs/load-people.yml", JOB)
                .on(DATABASE);
    }

    @Test
    void everyRejectIsALineOfCsvThatReadsBackToTheByte() throws Exception {
        byte[] bad = "bo,U\\lm,1\n".getBytes(StandardCharsets.UTF_8);
        bad[1] = (byte) 0xe9;
        Files.write(
                directory.resolve("people.csv"),
                concat("name,town,age\n\"an,\"\"na\",\"Bad\nTown\",1\n".getBytes(StandardCharsets.UTF_8), bad));

        assertThat(to("run", "load-people").exit()).isZero();
        Answer lines = to("rejects", "1", "--csv");

        assertThat(lines.out())
                .isEqualTo(
                        """
                        id,run,job,step,file,record,line,byte_offset,key,sqlstate,constraint,column,message,reason,state,raw,raw_form,raw_length
                        1,1,load-people,people,%1$s/people.csv,1,2,14,,23503,people_town_fkey,,"insert or update on table ""people"" violates foreign key constraint ""people_town_fkey"" (Key (town)=(Bad
                        Town) is not present in table ""towns"".)",the town is known,open,\"""an,""\""na"",""Bad
                        Town"",1",text,22
                        2,1,load-people,people,%1$s/people.csv,2,4,37,,22021,,,"has the byte 0xe9 at byte offset 38, which is not UTF-8 text",,open,"b\\351,U\\\\lm,1",escape,9
                        """
                                .formatted(directory));
    }

    @Test
    void replayedAfterAFixOnlyTheOpenOnesGoInAndOnce() {
        people("anna,Ulm,1\nbo,Bonn,2\ncy,Ulm,200\nda,Kiel,4\neve,Ulm,5\n");
        assertThat(to("run", "load-people").out()).contains("3 rows were rejected:");
        DATABASE.execute("INSERT INTO towns VALUES ('Bonn'); UPDATE people SET age = 77 WHERE name = 'anna'");

        Answer first = to("rejects", "1", "--replay", "--json");

        assertThat(first.exit()).isEqualTo(1);
        assertThat(first.document())
                .containsEntry("tried", 3)
                .containsEntry("written", 1)
                .containsEntry("refused", 2)
                .containsEntry("open", 2);
        assertThat(table()).isEqualTo("anna Ulm 77, bo Bonn 2, eve Ulm 5");
        assertThat(to("rejects", "1").out())
                .contains("Replayed: 1, dismissed: 0.", "1 x 23514 people_age_check", "1 x 23503 people_town_fkey");

        DATABASE.execute("INSERT INTO towns VALUES ('Kiel'); ALTER TABLE people DROP CONSTRAINT people_age_check");
        Answer second = to("rejects", "1", "--replay");

        assertThat(second.exit()).isZero();
        assertThat(second.out())
                .isEqualToNormalizingNewlines(
                        "people of load-people: 2 tried again, 2 applied, 0 refused again\nNone is open any more.\n");
        assertThat(table()).isEqualTo("anna Ulm 77, bo Bonn 2, cy Ulm 200, da Kiel 4, eve Ulm 5");
        assertThat(to("rejects", "1", "--replay").out()).isEqualToNormalizingNewlines("Run 1 has no open rejects.\n");
        assertThat(events())
                .isEqualTo(
                        """
                        tries 3 open rejects again, with the job file and statements of the home
                        1 of 3 applied (1 written, 0 skipped), 2 refused again
                        tries 2 open rejects again, with the job file and statements of the home
                        2 of 2 applied (2 written, 0 skipped), 0 refused again""");
    }

    @Test
    void rejectsOfSeveralFilesAreTriedAgainEachOnce() throws Exception {
        home().with(
                        "mappers/people.xml",
                        mapper("INSERT INTO people (name, town, age) SELECT name, town, age FROM loaded"));
        Files.writeString(directory.resolve("a.csv"), "name,town,age\nbo,Bonn,1\n");
        Files.writeString(directory.resolve("b.csv"), "name,town,age\nda,Bonn,2\n");
        assertThat(to("run", "load-people", "file=" + directory.resolve("[ab].csv"))
                        .out())
                .contains("2 rows were rejected:");
        DATABASE.execute("INSERT INTO towns VALUES ('Bonn')");

        assertThat(to("rejects", "1", "--replay").out()).contains("2 tried again, 2 applied, 0 refused again");
        assertThat(table()).isEqualTo("bo Bonn 1, da Bonn 2");
    }

    @Test
    void aRecordDoesNotGoOverARowThatWasWrittenSince() {
        people("anna,Ulm,200\nbo,Ulm,200\ncy,Ulm,200\nbo,Ulm,3\n");
        DATABASE.execute("INSERT INTO people VALUES ('cy', 'Ulm', 9)");
        to("run", "load-people");
        DATABASE.execute("INSERT INTO people VALUES ('anna', 'Ulm', 8)");
        DATABASE.execute("ALTER TABLE people DROP CONSTRAINT people_age_check");

        Answer careful = to("rejects", "1", "--replay");

        assertThat(careful.exit()).isEqualTo(1);
        assertThat(careful.out())
                .contains("3 tried again, 1 applied, 2 refused again")
                .contains(
                        "2 x NS001, first at " + directory + "/people.csv:2: is not tried again: the row of its key was"
                                + " written after this record was refused and may be newer; --overwrite applies it all the same");
        assertThat(table()).isEqualTo("anna Ulm 8, bo Ulm 3, cy Ulm 200");

        assertThat(to("rejects", "1", "--replay", "--overwrite").exit()).isZero();
        assertThat(table()).isEqualTo("anna Ulm 200, bo Ulm 200, cy Ulm 200");
    }

    @Test
    void withoutAKeyToCompareByAMergeThatChangesRowsIsNotRepeatedSilently() {
        home().with(
                        "mappers/people.xml",
                        mapper("UPDATE people p SET age = l.age FROM loaded l WHERE p.town = l.town")
                                .replace("<insert", "<update")
                                .replace("</insert", "</update"))
                .with("jobs/load-people.yml", JOB.replace(" merge-key: [name],", ""));
        DATABASE.execute("INSERT INTO people VALUES ('anna', 'Ulm', 9)");
        home().with("people.csv", "town,age\nUlm,200\n");
        to("run", "load-people");
        DATABASE.execute("ALTER TABLE people DROP CONSTRAINT people_age_check");

        assertThat(to("rejects", "1", "--replay").out())
                .contains("without a merge-key nothing tells whether its row is newer");
        assertThat(to("rejects", "1", "--replay", "--overwrite").exit()).isZero();
        assertThat(table()).isEqualTo("anna Ulm 200");
    }

    @Test
    void theStatementsOfTheHomeCountOrThoseTheRunWasFrozenWith() {
        people("anna,Ulm,200\n");
        to("run", "load-people");
        home().with(
                        "mappers/people.xml",
                        mapper(UPSERT.replace("SELECT name, town, age", "SELECT name, town, least(age, 149)")));

        assertThat(to("rejects", "1", "--replay", "--frozen").exit()).isEqualTo(1);
        assertThat(table()).isNull();
        assertThat(to("rejects", "1", "--replay").exit()).isZero();
        assertThat(table()).isEqualTo("anna Ulm 149");
        assertThat(
                        DATABASE.value(
                                """
                        SELECT string_agg(c.name || ' ' || coalesce(r.replay::text, '-'), ', ' ORDER BY r.replay NULLS FIRST, c.name)
                        FROM nightshift.run_content r JOIN nightshift.content c USING (hash)"""))
                .isEqualTo("jobs/load-people.yml -, mappers/people.xml -, mappers/people.xml 2");
    }

    @Test
    void theFileIsNeededForLongRecordsOnly() throws Exception {
        String name = "x".repeat(70_000);
        DATABASE.execute("ALTER TABLE people DROP CONSTRAINT people_pkey");
        home().with(
                        "mappers/people.xml",
                        mapper("INSERT INTO people (name, town, age) SELECT name, town, age FROM loaded"));
        people("anna,Ulm,200\n" + name + ",Ulm,200\nbo,Ulm,1\n");
        to("run", "load-people");
        DATABASE.execute("ALTER TABLE people DROP CONSTRAINT people_age_check");
        Path file = directory.resolve("people.csv");
        Files.move(file, directory.resolve("away"));

        Answer without = to("rejects", "1", "--replay");

        assertThat(without.out())
                .contains("2 tried again, 1 applied, 1 refused again")
                .contains("it is longer than what was kept, and its file has changed or is gone");
        Files.move(directory.resolve("away"), file);
        assertThat(to("rejects", "1", "--replay").exit()).isZero();
        assertThat(DATABASE.value("SELECT string_agg(length(name)::text, ' ' ORDER BY length(name)) FROM people"))
                .isEqualTo("2 4 70000");
    }

    @Test
    void aRunThatEndedAtItsLimitGoesOnWhenItsRejectsAreReplayedOrDismissed() {
        home().with("jobs/load-people.yml", JOB.replace("reject-limit: 100", "reject-limit: 0"));
        people("anna,Ulm,1\nbo,Bonn,2\ncy,Ulm,3\nda,Kiel,4\neve,Ulm,5\n");
        Answer failed = to("run", "load-people");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out()).contains("nightshift rejects 1 --replay and: nightshift resume 1");
        assertThat(to("resume", "1").exit()).isEqualTo(1);
        DATABASE.execute("INSERT INTO towns VALUES ('Bonn')");

        assertThat(to("rejects", "1", "--replay").exit()).isZero();
        assertThat(to("resume", "1").exit()).isEqualTo(1);
        assertThat(table()).isEqualTo("anna Ulm 1, bo Bonn 2, cy Ulm 3");
        assertThat(to("rejects", "1", "--dismiss", "--reason", "da has moved").out())
                .isEqualToNormalizingNewlines("1 open reject of run 1 dismissed.\n");
        assertThat(to("resume", "1").exit()).isZero();
        assertThat(table()).isEqualTo("anna Ulm 1, bo Bonn 2, cy Ulm 3, eve Ulm 5");
        assertThat(events()).endsWith("1 open reject: da has moved");
    }

    @Test
    void rejectedKeysAreAskedForAgainAndThoseThatNoLongerQualifyAreSkipped() {
        DATABASE.execute(
                """
                CREATE TABLE pairs (a int, b text, n int, done boolean, PRIMARY KEY (a, b), CHECK (NOT done OR n < 10));
                INSERT INTO pairs SELECT i % 3, i::text, i, false FROM generate_series(1, 12) i WHERE i <> 10""");
        home().with(
                        "mappers/pairs.xml",
                        """
                        <mapper namespace="pairs">
                          <select id="open">
                            /* nightshift: pairs.open */
                            SELECT a, b FROM pairs WHERE NOT done
                          </select>
                          <update id="close">
                            /* nightshift: pairs.close */
                            UPDATE pairs p SET done = true, n = n + 3
                            FROM unnest(#{keys.a}, #{keys.b}) k (a, b)
                            WHERE (p.a, p.b) = (k.a, k.b) AND NOT done
                          </update>
                        </mapper>
                        """)
                .with(
                        "jobs/close-pairs.yml",
                        """
                        steps:
                          - backfill: {name: pairs, table: pairs, keys: pairs.open, apply: pairs.close, reject-limit: 10, chunk: 2, lock: true}
                        """);
        assertThat(to("run", "close-pairs").exit()).isZero();
        assertThat(DATABASE.value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM pairs WHERE NOT done"))
                .isEqualTo("7 8 9 11 12");
        DATABASE.execute(
                "UPDATE pairs SET n = 1 WHERE n = 7; UPDATE pairs SET done = true, n = 0 WHERE n = 8; DELETE FROM pairs WHERE n = 9");

        Answer replay = to("rejects", "1", "--replay", "--json");

        assertThat(replay.document())
                .containsEntry("tried", 5)
                .containsEntry("written", 1)
                .containsEntry("skipped", 2)
                .containsEntry("refused", 2);
        assertThat(DATABASE.value("SELECT n FROM pairs WHERE (a, b) = (1, '7')"))
                .isEqualTo("4");
        assertThat(to("rejects", "1", "--csv").out()).contains(",\"{\"\"2\"\",\"\"11\"\"}\",23514,");
    }

    @Test
    void somebodyElseAtTheJobIsNamedAndTheRejectsStayAsTheyAre() {
        people("anna,Bonn,1\n");
        to("run", "load-people");
        DATABASE.execute("INSERT INTO towns VALUES ('Bonn')");
        try (OtherSession holder = OtherSession.on(DATABASE).execute("LOCK TABLE people IN SHARE MODE")) {
            CompletableFuture<Answer> replay = CompletableFuture.supplyAsync(() -> to("rejects", "1", "--replay"));
            holder.awaitWaiting(replay, "people.mergeLoaded");

            Answer run = to("run", "load-people", "--new");
            Answer second = to("rejects", "1", "--replay");

            assertThat(List.of(run.exit(), second.exit())).containsExactly(4, 4);
            assertThat(run.err()).contains("Job load-people: the rejects of run 1 are tried again by ");
            holder.commit();
            assertThat(replay.join().exit()).isZero();
        }
    }

    @Test
    void whatDoesNotFitTheHomeAnyMoreIsRefusedBeforeAnythingIsChanged() {
        people("anna,Bonn,1\n");
        to("run", "load-people");
        home().with("jobs/load-people.yml", JOB.replace("name: people", "name: persons"));

        Answer answer = to("rejects", "1", "--replay");

        assertThat(answer.exit()).isEqualTo(3);
        assertThat(answer.err())
                .isEqualToNormalizingNewlines(
                        """
                        jobs/load-people.yml: has no step "people" any more, whose rejects are to be tried again
                          Nothing was changed. Try them as the run was frozen: nightshift rejects 1 --replay --frozen
                        """);
        assertThat(to("rejects", "9", "--replay").exit()).isEqualTo(2);
        assertThat(to("rejects", "1", "--replay", "--csv").exit()).isEqualTo(2);
        assertThat(to("rejects", "1", "--overwrite").exit()).isEqualTo(2);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private TestHome home() {
        return TestHome.in(directory);
    }

    private void people(String lines) {
        home().with("people.csv", "name,town,age\n" + lines);
    }

    private static String mapper(String insert) {
        return "<mapper namespace=\"people\">\n<insert id=\"mergeLoaded\">\n/* nightshift: people.mergeLoaded */\n"
                + insert.replace("<", "&lt;") + "\n</insert>\n</mapper>\n";
    }

    private static String table() {
        return DATABASE.value("SELECT string_agg(concat_ws(' ', name, town, age), ', ' ORDER BY name) FROM people");
    }

    private static String events() {
        return DATABASE.value(
                "SELECT string_agg(message, E'\\n' ORDER BY id) FROM nightshift.event WHERE kind IN ('replay', 'dismiss')");
    }

    private Answer to(String... words) {
        return Answer.to(Stream.concat(Stream.of("--home", directory.toString()), Stream.of(words))
                .toArray(String[]::new));
    }
}
