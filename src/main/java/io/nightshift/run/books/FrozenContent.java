package io.nightshift.run.books;

import io.nightshift.database.Database;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The texts that runs were started with, each kept once: job files, mappers, lists of keys. */
public final class FrozenContent {

    private final JdbcClient jdbc;
    private final String schema;

    public FrozenContent(Database database) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement.replace("{schema}", schema));
    }

    /**
     * Freezes texts into a run that is new. One that is there is locked as well: retention must not remove it before the
     * run refers to it.
     *
     * @param texts by their file names
     */
    void freeze(long run, Map<String, String> texts) {
        texts.forEach((name, text) -> {
            String hash = Hash.of(name, text);
            sql("""
                            INSERT INTO {schema}.content (hash, name, text)
                            VALUES (?, ?, ?)
                            ON CONFLICT (hash) DO UPDATE
                            SET name = EXCLUDED.name""")
                    .params(hash, name, text)
                    .update();
            sql("INSERT INTO {schema}.run_content (run, hash) VALUES (?, ?)")
                    .params(run, hash)
                    .update();
        });
    }

    /** Adds what the rejects of a run are tried again with; texts that the run was frozen with are known already. */
    void add(long run, long replay, Map<String, String> texts) {
        texts.forEach((name, text) -> {
            String hash = Hash.of(name, text);
            sql("INSERT INTO {schema}.content (hash, name, text) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING")
                    .params(hash, name, text)
                    .update();
            sql("INSERT INTO {schema}.run_content (run, hash, replay) VALUES (?, ?, ?) ON CONFLICT (run, hash) DO"
                            + " NOTHING")
                    .params(run, hash, replay)
                    .update();
        });
    }

    /** What was frozen into a run, by file names. */
    public List<Map.Entry<String, String>> of(long run) {
        return sql("""
                        SELECT c.name, c.text
                        FROM {schema}.run_content r
                          JOIN {schema}.content c ON c.hash = r.hash
                        WHERE r.run = ?
                          AND r.replay IS NULL
                        ORDER BY c.name""")
                .param(run)
                .query((result, number) -> Map.entry(result.getString(1), result.getString(2)))
                .list();
    }
}
