package io.nightshift;

import io.nightshift.content.Home;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A table {@code items}, statements that work on it by its keys, and jobs of one step. Every item counts how often it was
 * done; {@code parts} belong to items and are removed with them, {@code guards} keep theirs from being removed.
 *
 * @param directory for the home
 */
public record ItemsTable(TestDatabase database, Path directory) {

    private static final AtomicInteger JOBS = new AtomicInteger();

    private static final String ITEMS =
            """
            <mapper namespace="items">
              <select id="all">
                /* nightshift: items.all */
                SELECT id
                FROM items
              </select>
              <select id="open">
                /* nightshift: items.open */
                SELECT id
                FROM items
                WHERE NOT done
              </select>
              <select id="ofParts">
                /* nightshift: items.ofParts */
                SELECT items.id
                FROM items
                  JOIN parts ON parts.item = items.id
              </select>
              <select id="owners">
                /* nightshift: items.owners */
                SELECT owner
                FROM items
              </select>
              <select id="exported">
                /* nightshift: items.exported */
                SELECT id, done
                FROM items
                WHERE id = ANY (#{keys})
              </select>
              <insert id="mergeLoaded">
                /* nightshift: items.mergeLoaded */
                INSERT INTO items (id, done)
                SELECT id, done
                FROM loaded
                ON CONFLICT (id) DO UPDATE
                SET done = EXCLUDED.done
              </insert>
              <update id="count">
                /* nightshift: items.count */
                UPDATE items
                SET times = times + 1
                WHERE id = ANY (#{keys})
              </update>
              <update id="countOpen">
                /* nightshift: items.countOpen */
                UPDATE items
                SET times = times + 1
                WHERE id = ANY (#{keys})
                  AND NOT done
              </update>
              <update id="countOfOwners">
                /* nightshift: items.countOfOwners */
                UPDATE items
                SET times = times + 1
                WHERE owner = ANY (#{keys})
              </update>
              <update id="close">
                /* nightshift: items.close */
                UPDATE items
                SET done = true,
                  times = times + 1
                WHERE id = ANY (#{keys})
                  AND NOT done
              </update>
              <delete id="remove">
                /* nightshift: items.remove */
                DELETE FROM items
                WHERE id = ANY (#{keys})
                  AND NOT done
              </delete>
            </mapper>
            """;

    private static final String PARTS =
            """
            <mapper namespace="parts">
              <delete id="removeOfItems">
                /* nightshift: parts.removeOfItems */
                DELETE FROM parts
                WHERE item = ANY (#{keys})
              </delete>
            </mapper>
            """;

    /** Anew, with the items from one number to another, none of them done, and neither parts nor guards. */
    public ItemsTable filled(int from, int to) {
        database.execute(
                """
                DROP TABLE IF EXISTS guards, parts, items CASCADE;
                CREATE TABLE items (
                  id bigint PRIMARY KEY,
                  owner bigint,
                  done boolean NOT NULL DEFAULT false,
                  times integer NOT NULL DEFAULT 0
                );
                CREATE TABLE parts (item bigint NOT NULL REFERENCES items);
                CREATE TABLE guards (item bigint NOT NULL REFERENCES items);
                CREATE INDEX parts_item ON parts (item);
                INSERT INTO items (id, owner) SELECT n, n %% 7 FROM generate_series(%d, %d) n"""
                        .formatted(from, to));
        return this;
    }

    /**
     * Runs a new job of this step.
     *
     * @param options of the job, a line each
     */
    public RunResult run(String step, String... options) {
        String job = "work-items-" + JOBS.incrementAndGet();
        Home home = TestHome.in(directory)
                .with("mappers/items.xml", ITEMS)
                .with("mappers/parts.xml", PARTS)
                .with("jobs/" + job + ".yml", String.join("\n", options) + "\nsteps:\n  - " + step + "\n")
                .on(database)
                .home();
        return TestRun.of(home, job);
    }
}
