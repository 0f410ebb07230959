package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.run.books.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;

/** A database and a home with one load in it, made anew for each test. */
final class LoadBench implements BeforeEachCallback, AfterEachCallback {

    private Path directory;
    private TestDatabase database;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("nightshift-load");
        database = TestDatabase.create();
        TestHome.in(directory).with("jobs/.keep", "").on(database);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        database.close();
        FileSystemUtils.deleteRecursively(directory);
    }

    TestHome home() {
        return TestHome.in(directory);
    }

    void execute(String sql) {
        database.execute(sql);
    }

    Path file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Path file(String name, byte[] bytes) {
        try {
            return Files.write(directory.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] gzip(String text) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** The statement that a load may name as {@code t.mergeLoaded}. */
    LoadBench merge(String element, String sql) {
        home().with(
                        "mappers/t.xml",
                        """
                        <mapper namespace="t">
                          <%1$s id="mergeLoaded">
                            /* nightshift: t.mergeLoaded */
                            %2$s
                          </%1$s>
                        </mapper>
                        """
                                .formatted(element, sql));
        return this;
    }

    /** Loads {@code in.csv} by a step with these further keys. */
    RunResult load(String... keys) {
        return loadFrom("in.csv", keys);
    }

    /** @param from as it is written in YAML */
    RunResult loadFrom(String from, String... keys) {
        return run("from: " + from, keys);
    }

    /** @param source the key that names the files */
    RunResult run(String source, String... keys) {
        job(source, keys);
        try (OpenEngine engine = OpenEngine.in(home().home())) {
            return engine.run("load-t");
        }
    }

    /** Continues a run. */
    RunResult resume(long run) {
        return TestRun.resume(home().home(), run);
    }

    /** Starts anew, leaving an unfinished run. */
    RunResult fresh() {
        try (OpenEngine engine = OpenEngine.in(home().home())) {
            return engine.fresh("load-t");
        }
    }

    /** The home's settings as they stand. */
    String settings() {
        try {
            return Files.readString(directory.resolve("config/application.yml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void job(String source, String... keys) {
        home().with(
                        "jobs/load-t.yml",
                        "target-duration: none\nsteps:\n  - load:\n      name: t\n      " + source + "\n      "
                                + String.join("\n      ", keys) + "\n");
    }

    /** The columns of each row, joined by a bar. */
    List<String> rows(String query) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                StringBuilder row = new StringBuilder(String.valueOf(result.getString(1)));
                for (int column = 2; column <= result.getMetaData().getColumnCount(); column++) {
                    row.append('|').append(result.getString(column));
                }
                rows.add(row.toString());
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the ledger says was rejected is there as rejects. */
    void everyRecordIsAccountedFor() {
        assertThat(rows("SELECT sum(rejected) FROM nightshift.ledger HAVING sum(rejected) <> (SELECT count(*)"
                        + " FROM nightshift.reject)"))
                .isEmpty();
        assertThat(rows("SELECT * FROM nightshift.ledger WHERE read <> written + rejected + skipped"))
                .isEmpty();
    }
}
