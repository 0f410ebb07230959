package io.nightshift;

import io.nightshift.content.Home;
import java.nio.file.Path;

/**
 * A job that takes a while: it marks items one by one, in chunks of one, and can be held at any of them by whoever
 * locks its row in {@code gates}. Every item counts how often it was done.
 *
 * @param name of the job
 */
public record ItemsJob(TestDatabase database, String name) {

    /** In {@code close}, so that the wait is inside of the chunk. */
    public static final String MAPPER =
            """
            <mapper namespace="items">
              <select id="open">
                /* nightshift: items.open */
                SELECT id
                FROM items
                WHERE NOT done
              </select>
              <update id="close">
                /* nightshift: items.close */
                WITH passed AS (
                  UPDATE gates
                  SET times = times + 1
                  WHERE id = ANY (#{keys})
                )
                UPDATE items
                SET done = true,
                  times = times + 1
                WHERE id = ANY (#{keys})
                  AND NOT done
              </update>
            </mapper>
            """;

    /** Ten items, none of them done. */
    public static ItemsJob on(TestDatabase database, String name) {
        database.execute(
                """
                DROP TABLE IF EXISTS gates, items;
                CREATE TABLE items (
                  id bigint PRIMARY KEY,
                  done boolean NOT NULL DEFAULT false,
                  times integer NOT NULL DEFAULT 0
                );
                CREATE TABLE gates (id bigint PRIMARY KEY, times integer NOT NULL DEFAULT 0);
                INSERT INTO items (id) SELECT n FROM generate_series(1, 10) n;
                INSERT INTO gates (id) SELECT id FROM items""");
        return new ItemsJob(database, name);
    }

    /** A home with it. */
    public Home home(Path directory, String... settings) {
        return TestHome.in(directory)
                .with("mappers/items.xml", MAPPER)
                .with(
                        "jobs/" + name + ".yml",
                        """
                        chunk: 1
                        lock-timeout: none
                        target-duration: none
                        steps:
                          - update: {name: items, table: items, keys: items.open, apply: items.close}
                        """)
                .on(database, settings)
                .home();
    }

    /** Keeps the job from finishing this item until the session ends or commits. */
    public OtherSession holdAt(int item) {
        return OtherSession.on(database).execute("UPDATE gates SET times = times WHERE id = " + item);
    }

    /** How many items are done, and whether each of them was done once. */
    public String state() {
        return database.value(
                "SELECT count(*) FILTER (WHERE done) || CASE WHEN max(times) > 1 THEN ' twice' ELSE '' END FROM items");
    }
}
