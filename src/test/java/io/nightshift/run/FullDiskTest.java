package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.run.books.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small file system is full, below a file that is written and below the database; then it has room again. */
class FullDiskTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final int ROWS = 40_000;

    private static final String MAPPER =
            """
            <mapper namespace="items">
              <select id="all">
                /* nightshift: items.all */
                SELECT id
                FROM items
              </select>
              <select id="exported">
                /* nightshift: items.exported */
                SELECT id, text
                FROM items
                WHERE id = ANY (#{keys})
                ORDER BY id
              </select>
            </mapper>
            """;

    @TempDir
    Path directory;

    private Path disk;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @BeforeEach
    void smallDisk() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && call("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()),
                "a small file system needs the right to mount one");
    }

    @AfterEach
    void unmount() throws Exception {
        call("umount", "--lazy", disk.toString());
    }

    @Test
    void anExportThatFindsNoRoomAppearsNotAtAllAndLaterWhole() throws Exception {
        DATABASE.execute(
                """
                CREATE TABLE items (id bigint PRIMARY KEY, text text NOT NULL);
                INSERT INTO items SELECT n, repeat('x', 90) FROM generate_series(1, %d) n"""
                        .formatted(ROWS));
        Path file = disk.resolve("out.csv");
        Home home = TestHome.in(directory.resolve("home"))
                .with("mappers/items.xml", MAPPER)
                .with(
                        "jobs/export-items.yml",
                        "steps:\n  - export: {keys: items.all, select: items.exported, file: " + file + "}\n")
                .on(DATABASE)
                .home();

        RunResult full = TestRun.of(home, "export-items");

        assertThat(full.exit()).isEqualTo(ExitCode.FAILED);
        Problem problem = full.problem().orElseThrow();
        assertThat(problem.what()).contains("No space left on device");
        assertThat(problem.fix()).contains("nightshift resume " + full.run());
        assertThat(full.rows().written()).isBetween(1L, ROWS - 1L);
        assertThat(file).doesNotExist();

        assertThat(call("mount", "-o", "remount,size=20m", disk.toString())).isTrue();
        RunResult done = TestRun.of(home, "export-items");

        assertThat(done.problem()).isEmpty();
        assertThat(done.run()).isEqualTo(full.run());
        assertThat(done.rows()).isEqualTo(new Counts(ROWS, ROWS, 0, 0));
        assertThat(Files.readString(file))
                .isEqualTo(IntStream.rangeClosed(1, ROWS)
                        .mapToObj(id -> id + "," + "x".repeat(90) + "\n")
                        .collect(Collectors.joining("", "id,text\n", "")));
        try (var left = Files.list(disk)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aLoadWhoseTableFindsNoRoomKeepsItsCommittedChunksAndGoesOnLater() throws Exception {
        assumeTrue(DATABASE.onEmbeddedServer(), "the server of NIGHTSHIFT_TEST_URL may be on another machine");
        try (Connection connection = DATABASE.connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLESPACE small LOCATION '" + disk + "'");
            statement.execute("GRANT CREATE ON TABLESPACE small TO PUBLIC");
        }
        try {
            DATABASE.execute("CREATE TABLE loaded_rows (id bigint NOT NULL, text text NOT NULL) TABLESPACE small");
            Home home = TestHome.in(directory.resolve("home"))
                    .with(
                            "rows.csv",
                            IntStream.rangeClosed(1, ROWS)
                                    .mapToObj(id -> id + "," + "y".repeat(90) + "\n")
                                    .collect(Collectors.joining("", "id,text\n", "")))
                    .with("jobs/load-rows.yml", "chunk: 1000\nsteps:\n  - load: {from: rows.csv, into: loaded_rows}\n")
                    .on(DATABASE)
                    .home();

            RunResult full = TestRun.of(home, "load-rows");

            assertThat(full.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(full.problem().orElseThrow().what())
                    .contains("No space left on device")
                    .contains("SQLSTATE 53100");
            assertThat(full.rows().written()).isLessThan(ROWS);
            assertThat(DATABASE.value("SELECT count(*) FROM loaded_rows"))
                    .isEqualTo(Long.toString(full.rows().written()));

            assertThat(call("mount", "-o", "remount,size=40m", disk.toString())).isTrue();
            RunResult done = TestRun.of(home, "load-rows");

            assertThat(done.problem()).isEmpty();
            assertThat(done.run()).isEqualTo(full.run());
            assertThat(done.rows()).isEqualTo(new Counts(ROWS, ROWS, 0, 0));
            assertThat(DATABASE.value("SELECT count(*) || ' ' || count(DISTINCT id) FROM loaded_rows"))
                    .isEqualTo(ROWS + " " + ROWS);
        } finally {
            DATABASE.execute("DROP TABLE IF EXISTS loaded_rows");
            try (Connection connection = DATABASE.connectAsAdministrator();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLESPACE IF EXISTS small");
            }
        }
    }

    private static boolean call(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }
}
