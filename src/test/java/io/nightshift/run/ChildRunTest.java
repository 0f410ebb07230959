package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildRunTest {

    static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void theTimeAllowedForAChildIsNotThatOfItsParent() {
        Home home = home("at-most: 1s\nsteps:\n  - sql: naps.none\n");

        RunResult result = TestRun.of(home, "take-parent");

        assertThat(result.problem()).isEmpty();
        assertThat(result.status()).isEqualTo("COMPLETED");
    }

    @Test
    void aChildWhoseTimeIsOverLeavesItsParentStoppedWithTheReason() {
        Home home = home("at-most: 1s\nsteps:\n  - sql: naps.long\n  - sql: naps.none\n");

        RunResult result = TestRun.of(home, "take-parent");

        assertThat(result.status()).isEqualTo("STOPPED");
        assertThat(result.problem().orElseThrow().what()).contains("take-child", "at-most PT1S");
    }

    private Home home(String child) {
        return TestHome.in(directory)
                .with("jobs/take-child.yml", "description: A part.\n" + child)
                .with(
                        "jobs/take-parent.yml",
                        """
                        description: A whole.
                        steps:
                          - job: {name: take-child}
                          - sql: naps.long
                          - sql: naps.none
                        """)
                .with(
                        "mappers/naps.xml",
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <!DOCTYPE mapper PUBLIC "-//mybatis.org//DTD Mapper 3.0//EN" "https://mybatis.org/dtd/mybatis-3-mapper.dtd">
                        <mapper namespace="naps">
                          <select id="none">
                            /* nightshift: naps.none */
                            SELECT 1
                          </select>
                          <select id="long">
                            /* nightshift: naps.long */
                            SELECT pg_sleep(1.2)
                          </select>
                        </mapper>
                        """)
                .on(DATABASE)
                .home();
    }
}
