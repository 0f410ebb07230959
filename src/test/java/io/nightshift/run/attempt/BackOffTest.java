package io.nightshift.run.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.run.Engine;
import io.nightshift.run.RunControl;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackOffTest {

    static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aRunThatWaitsForItsNextAttemptIsAtWorkAndCanBeStopped() {
        DATABASE.execute(
                """
                CREATE FUNCTION collide() RETURNS int LANGUAGE plpgsql AS $$
                BEGIN
                  RAISE EXCEPTION 'again' USING ERRCODE = 'serialization_failure';
                END $$""");
        Home home = TestHome.in(directory)
                .with("jobs/call-collide.yml", "description: Never works.\nsteps:\n  - sql: calls.collide\n")
                .with(
                        "mappers/calls.xml",
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <!DOCTYPE mapper PUBLIC "-//mybatis.org//DTD Mapper 3.0//EN" "https://mybatis.org/dtd/mybatis-3-mapper.dtd">
                        <mapper namespace="calls">
                          <select id="collide">
                            /* nightshift: calls.collide */
                            SELECT collide()
                          </select>
                        </mapper>
                        """)
                .on(DATABASE, "run: {retry-first: 20s}")
                .home();
        AtomicReference<String> state = new AtomicReference<>("");
        Settings settings = Settings.of(home);
        try (Database database = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, database)) {
            Progress stopper = new Progress() {
                @Override
                public void note(String line) {
                    if (line.contains("attempt again")) {
                        state.set(DATABASE.value("SELECT state FROM nightshift.run"));
                        new RunControl(database).requestStop(1, "tester", false);
                    }
                }
            };

            RunResult result = engine.run(TestRun.request(home, "call-collide"), stopper);

            assertThat(state).hasValue("STARTED");
            assertThat(result.attempts()).isEqualTo(1);
            assertThat(DATABASE.value("SELECT state FROM nightshift.run")).isEqualTo("FAILED");
        }
    }
}
