package io.nightshift.chunk;

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

class FailingWorkerTest {

    static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void theOtherConnectionsEndAtTheirNextChunk() {
        DATABASE.execute(
                """
                CREATE TABLE item (id int PRIMARY KEY, done boolean NOT NULL DEFAULT false);
                INSERT INTO item SELECT generate_series(1, 400);
                CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF new.id = 1 THEN
                    RAISE EXCEPTION 'not this one' USING ERRCODE = 'insufficient_privilege';
                  END IF;
                  PERFORM pg_sleep(0.01);
                  RETURN new;
                END $$;
                CREATE TRIGGER forbid BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION forbid()""");
        Home home = TestHome.in(directory)
                .with(
                        "jobs/update-items.yml",
                        """
                        description: One connection fails at once.
                        steps:
                          - update: {table: item, keys: items.open, apply: items.close, connections: 2, chunk: 5}
                        """)
                .with(
                        "mappers/items.xml",
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <!DOCTYPE mapper PUBLIC "-//mybatis.org//DTD Mapper 3.0//EN" "https://mybatis.org/dtd/mybatis-3-mapper.dtd">
                        <mapper namespace="items">
                          <select id="open">
                            /* nightshift: items.open */
                            SELECT id
                            FROM item
                            WHERE NOT done
                          </select>
                          <update id="close">
                            /* nightshift: items.close */
                            UPDATE item
                            SET done = true
                            WHERE id = ANY (#{keys})
                              AND NOT done
                          </update>
                        </mapper>
                        """)
                .on(DATABASE)
                .home();

        RunResult result = TestRun.of(home, "update-items");

        assertThat(result.status()).isEqualTo("FAILED");
        assertThat(result.problem().orElseThrow().what()).contains("not this one");
        assertThat(result.rows().written()).isLessThan(200);
    }
}
