package io.nightshift.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadRowTest {

    static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aValueTooLargeForAnIndexIsOneReject() {
        DATABASE.execute("CREATE TABLE note (id int PRIMARY KEY, text text); CREATE INDEX ON note (text)");
        String unpackable = new Random(1)
                .ints(9_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();

        RunResult result = TestRun.of(load("note", "id,text\n1,a\n2," + unpackable + "\n3,c\n"), "load-note");

        assertThat(result.rows()).isEqualTo(new Counts(3, 2, 1, 0));
        assertThat(DATABASE.value("SELECT string_agg(text, '' ORDER BY id) FROM note"))
                .isEqualTo("ac");
    }

    @Test
    void aTriggerThatFindsNoRowIsOneReject() {
        DATABASE.execute(
                """
                CREATE TABLE owner (id int PRIMARY KEY);
                INSERT INTO owner VALUES (1);
                CREATE TABLE pet (id int PRIMARY KEY);
                CREATE FUNCTION find_owner() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE found int;
                BEGIN
                  SELECT o.id INTO STRICT found FROM owner o WHERE o.id = new.id % 2;
                  RETURN new;
                END $$;
                CREATE TRIGGER find_owner BEFORE INSERT ON pet FOR EACH ROW EXECUTE FUNCTION find_owner()""");

        RunResult result = TestRun.of(load("pet", "id\n1\n2\n3\n"), "load-pet");

        assertThat(result.rows()).isEqualTo(new Counts(3, 2, 1, 0));
    }

    private Home load(String table, String csv) {
        return TestHome.in(directory)
                .with(table + ".csv", csv)
                .with(
                        "jobs/load-" + table + ".yml",
                        "description: One bad row.\nsteps:\n  - load: {from: %1$s.csv, into: %1$s, reject-limit: 1}\n"
                                .formatted(table))
                .on(DATABASE)
                .home();
    }
}
