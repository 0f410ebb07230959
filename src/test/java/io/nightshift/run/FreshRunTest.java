package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.work.StartRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshRunTest {

    static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aNewRunThatIsRefusedLeavesTheUnfinishedOneToBeResumed() throws IOException {
        DATABASE.execute("CREATE TABLE visit (id int PRIMARY KEY)");
        Home home = TestHome.in(directory)
                .with("visits.csv", "id\nnone\n")
                .with(
                        "jobs/load-visits.yml",
                        "description: Visits.\nsteps:\n  - load: {from: visits.csv, into: visit}\n")
                .on(DATABASE)
                .home();
        RunResult unfinished = TestRun.of(home, "load-visits");
        Files.delete(directory.resolve("visits.csv"));

        assertThatThrownBy(() -> fresh(home, "load-visits")).isInstanceOf(ProblemException.class);

        assertThat(DATABASE.value("SELECT state FROM nightshift.run WHERE run = " + unfinished.run()))
                .isEqualTo("FAILED");
    }

    @Test
    void whatAnAbandonedRunHasLoadedIsNotCopiedAgain() {
        DATABASE.execute("CREATE TABLE guest (id int)");
        Home home = TestHome.in(directory)
                .with("guests.csv", "id\n1\n2\n")
                .with(
                        "jobs/load-guests.yml",
                        """
                        description: Guests, and a step that fails.
                        steps:
                          - load: {from: guests.csv, into: guest}
                          - sql: guests.divide
                        """)
                .with(
                        "mappers/guests.xml",
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <!DOCTYPE mapper PUBLIC "-//mybatis.org//DTD Mapper 3.0//EN" "https://mybatis.org/dtd/mybatis-3-mapper.dtd">
                        <mapper namespace="guests">
                          <select id="divide">
                            /* nightshift: guests.divide */
                            SELECT 1 / (SELECT count(*) FROM guest WHERE id = 3)
                          </select>
                        </mapper>
                        """)
                .on(DATABASE)
                .home();

        assertThat(TestRun.of(home, "load-guests").status()).isEqualTo("FAILED");
        assertThat(fresh(home, "load-guests").status()).isEqualTo("FAILED");

        assertThat(DATABASE.value("SELECT count(*) FROM guest")).isEqualTo("2");
    }

    private static RunResult fresh(Home home, String job) {
        Settings settings = Settings.of(home);
        StartRequest request = TestRun.request(home, job);
        StartRequest fresh = new StartRequest(
                job, request.arguments(), true, request.atMost(), request.directory(), request.slot(), request.who());
        try (Database database = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, database)) {
            return engine.run(fresh, Progress.SILENT);
        }
    }
}
