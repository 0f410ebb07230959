package io.nightshift.crash;

import io.nightshift.TestHome;
import java.util.List;
import java.util.Map;

/**
 * Every kind of step, with rows that show when something was done twice: counters that only ever grow, logs that
 * triggers write, tables without a unique key. Some rows break a rule, so that there are rejects.
 *
 * <p>Columns that the database generates are left out of the comparison: the identities {@code id} of people, accounts,
 * changes of accounts, readings, sessions gone, sums and marks counted, and {@code created_at} and {@code updated_at}.
 */
final class Scenarios {

    /** Everything in one job. */
    static final Scenario NIGHT = Scenario.together("night", everyKind());

    /** The load without a unique key: what is loaded twice is there twice. */
    static final Scenario LOAD = LoadScenarios.straight();

    static final Scenario UPDATE = update();

    private Scenarios() {}

    static List<Scenario> everyKind() {
        return List.of(
                LoadScenarios.straight(),
                LoadScenarios.merge(),
                LoadScenarios.gzip(),
                LoadScenarios.dealt(),
                update(),
                delete(),
                backfill(),
                purge(),
                report(),
                export(),
                sql(),
                jobOfJobs());
    }

    private static Scenario update() {
        return new Scenario(
                "update",
                """
                CREATE TABLE items (
                  id bigint PRIMARY KEY,
                  done boolean NOT NULL DEFAULT false,
                  times int NOT NULL DEFAULT 0,
                  updated_at timestamptz NOT NULL DEFAULT now(),
                  CONSTRAINT items_locked CHECK (NOT done OR id % 31 <> 0)
                );
                COMMENT ON CONSTRAINT items_locked ON items IS 'every 31st item is locked';
                INSERT INTO items (id)
                SELECT n * 7
                FROM generate_series(1, 120) n""",
                home -> home.with(
                        "mappers/items.xml",
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
                            UPDATE items
                            SET done = true,
                              times = times + 1,
                              updated_at = clock_timestamp()
                            WHERE id = ANY (#{keys})
                              AND NOT done
                          </update>
                        </mapper>
                        """),
                List.of("- update: {name: items, table: items, keys: items.open, apply: items.close,"
                        + " reject-limit: 20}\n"),
                Map.of("items", "SELECT (to_jsonb(t) - 'updated_at')::text FROM items t ORDER BY 1"));
    }

    private static Scenario delete() {
        return new Scenario(
                "delete",
                """
                CREATE TABLE sessions (id text PRIMARY KEY, expired boolean NOT NULL);
                CREATE TABLE sessions_gone (id bigint GENERATED ALWAYS AS IDENTITY, session text NOT NULL);
                CREATE FUNCTION session_gone() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO sessions_gone (session) VALUES (OLD.id);
                  RETURN NULL;
                END $$;
                CREATE TRIGGER gone AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION session_gone();
                INSERT INTO sessions (id, expired)
                SELECT md5(n::text), n % 4 <> 0
                FROM generate_series(1, 140) n""",
                home -> home.with(
                        "mappers/sessions.xml",
                        """
                        <mapper namespace="sessions">
                          <select id="expired">
                            /* nightshift: sessions.expired */
                            SELECT id
                            FROM sessions
                            WHERE expired
                          </select>
                          <delete id="deleteExpired">
                            /* nightshift: sessions.deleteExpired */
                            DELETE FROM sessions
                            WHERE id = ANY (#{keys})
                              AND expired
                          </delete>
                        </mapper>
                        """),
                List.of("- delete: {name: sessions, table: sessions, keys: sessions.expired,"
                        + " apply: sessions.deleteExpired}\n"),
                Map.of(
                        "sessions", "SELECT to_jsonb(t)::text FROM sessions t ORDER BY 1",
                        "sessions gone", "SELECT session FROM sessions_gone ORDER BY 1"));
    }

    private static Scenario backfill() {
        return new Scenario(
                "backfill",
                """
                CREATE TABLE posts (
                  id uuid PRIMARY KEY,
                  content text NOT NULL,
                  word_count int,
                  touched int NOT NULL DEFAULT 0
                );
                INSERT INTO posts (id, content)
                SELECT md5('post ' || n)::uuid, repeat('word ', n % 9) || 'end'
                FROM generate_series(1, 200) n""",
                home -> home.with(
                        "mappers/posts.xml",
                        """
                        <mapper namespace="posts">
                          <select id="withoutWordCount">
                            /* nightshift: posts.withoutWordCount */
                            SELECT id
                            FROM posts
                            WHERE word_count IS NULL
                          </select>
                          <update id="setWordCount">
                            /* nightshift: posts.setWordCount */
                            UPDATE posts
                            SET word_count = cardinality(string_to_array(content, ' ')),
                              touched = touched + 1
                            WHERE id = ANY (#{keys})
                              AND word_count IS NULL
                          </update>
                        </mapper>
                        """),
                List.of("- backfill: {name: posts, table: posts, keys: posts.withoutWordCount,"
                        + " apply: posts.setWordCount, connections: 2}\n"),
                Map.of("posts", "SELECT to_jsonb(t)::text FROM posts t ORDER BY 1"));
    }

    private static Scenario purge() {
        return new Scenario(
                "purge",
                """
                CREATE TABLE owners (id bigint PRIMARY KEY, deleted boolean NOT NULL);
                CREATE TABLE pets (id bigint PRIMARY KEY, owner_id bigint NOT NULL REFERENCES owners);
                CREATE TABLE visits (pet_id bigint NOT NULL REFERENCES pets, day date NOT NULL);
                CREATE TABLE debts (owner_id bigint NOT NULL REFERENCES owners ON DELETE RESTRICT);
                CREATE INDEX pets_owner ON pets (owner_id);
                CREATE INDEX visits_pet ON visits (pet_id);
                CREATE INDEX debts_owner ON debts (owner_id);
                INSERT INTO owners SELECT n, n % 3 <> 0 FROM generate_series(1, 150) n;
                INSERT INTO pets SELECT o.id * 10 + n, o.id FROM owners o, generate_series(1, 2) n;
                INSERT INTO visits SELECT id, date '2026-01-01' + n FROM pets, generate_series(1, 2) n;
                INSERT INTO debts SELECT id FROM owners WHERE id % 37 = 0""",
                home -> home.with("mappers/owners.xml", PURGE),
                List.of("- purge: {name: owners, table: owners, keys: owners.deleted, apply: [owners.deleteVisits,"
                        + " owners.deletePets, owners.deleteOwners], reject-limit: 10}\n"),
                Map.of(
                        "owners", "SELECT to_jsonb(t)::text FROM owners t ORDER BY 1",
                        "pets", "SELECT to_jsonb(t)::text FROM pets t ORDER BY 1",
                        "visits", "SELECT to_jsonb(t)::text FROM visits t ORDER BY 1",
                        "debts", "SELECT to_jsonb(t)::text FROM debts t ORDER BY 1"));
    }

    private static final String PURGE =
            """
            <mapper namespace="owners">
              <select id="deleted">
                /* nightshift: owners.deleted */
                SELECT id
                FROM owners
                WHERE deleted
              </select>
              <delete id="deleteVisits">
                /* nightshift: owners.deleteVisits */
                DELETE FROM visits
                WHERE pet_id IN (SELECT id FROM pets WHERE owner_id = ANY (#{keys}))
              </delete>
              <delete id="deletePets">
                /* nightshift: owners.deletePets */
                DELETE FROM pets
                WHERE owner_id = ANY (#{keys})
              </delete>
              <delete id="deleteOwners">
                /* nightshift: owners.deleteOwners */
                DELETE FROM owners
                WHERE id = ANY (#{keys})
                  AND deleted
              </delete>
            </mapper>
            """;

    private static Scenario report() {
        return new Scenario(
                "report",
                """
                CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL, total numeric NOT NULL);
                CREATE TABLE daily_sales (day date PRIMARY KEY, total numeric NOT NULL, refreshed int NOT NULL);
                INSERT INTO orders
                SELECT n, timestamptz '2026-03-01 12:00 UTC' + n * interval '1 hour', n % 40 + 0.99
                FROM generate_series(1, 400) n""",
                home -> home.with("mappers/sales.xml", REPORT),
                List.of(
                        """
                        - report:
                            name: sales
                            window: day
                            from: 2026-03-02
                            to: 2026-03-14
                            refresh: sales.refreshDay
                            select: sales.perDay
                            output: {csv: true, json: true, html: true, chart: {kind: bar, x: day, y: [total]}}
                        """),
                Map.of("daily sales", "SELECT to_jsonb(t)::text FROM daily_sales t ORDER BY 1"));
    }

    private static final String REPORT =
            """
            <mapper namespace="sales">
              <insert id="refreshDay">
                /* nightshift: sales.refreshDay */
                INSERT INTO daily_sales (day, total, refreshed)
                SELECT CAST(#{windowStart} AT TIME ZONE 'UTC' AS date),
                  coalesce(sum(total), 0),
                  1
                FROM orders
                WHERE placed_at >= #{windowStart}
                  AND #{windowEnd} > placed_at
                ON CONFLICT (day) DO UPDATE
                SET total = EXCLUDED.total,
                  refreshed = daily_sales.refreshed + 1
              </insert>
              <select id="perDay">
                /* nightshift: sales.perDay */
                SELECT day,
                  total,
                  refreshed
                FROM daily_sales
                ORDER BY day
              </select>
            </mapper>
            """;

    private static Scenario export() {
        return new Scenario(
                "export",
                """
                CREATE TABLE products (shelf text, number int, label text, PRIMARY KEY (shelf, number));
                INSERT INTO products
                SELECT chr(97 + n % 3), n, CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'says "hi", twice' END
                FROM generate_series(1, 120) n""",
                home -> home.with(
                        "mappers/products.xml",
                        """
                        <mapper namespace="products">
                          <select id="all">
                            /* nightshift: products.all */
                            SELECT shelf,
                              number
                            FROM products
                          </select>
                          <select id="exported">
                            /* nightshift: products.exported */
                            SELECT p.shelf,
                              p.number,
                              p.label
                            FROM products p
                              JOIN unnest(#{keys.shelf}, #{keys.number}) k (shelf, number)
                                ON k.shelf = p.shelf AND k.number = p.number
                            ORDER BY p.shelf, p.number
                          </select>
                        </mapper>
                        """),
                List.of(
                        "- export: {name: as-csv, keys: products.all, select: products.exported,"
                                + " file: archive/products.csv}\n",
                        "- export: {name: as-jsonl, keys: products.all, select: products.exported,"
                                + " file: archive/products.jsonl, chunk: 20}\n"),
                Map.of());
    }

    private static Scenario sql() {
        return new Scenario(
                "sql",
                """
                CREATE TABLE sums (id bigint GENERATED ALWAYS AS IDENTITY, made_at timestamptz DEFAULT now(), n bigint)""",
                home -> home.with(
                        "mappers/sums.xml",
                        """
                        <mapper namespace="sums">
                          <insert id="add">
                            /* nightshift: sums.add */
                            INSERT INTO sums (n)
                            SELECT count(*)
                            FROM generate_series(1, 1000)
                          </insert>
                          <insert id="addAgain">
                            /* nightshift: sums.addAgain */
                            INSERT INTO sums (n)
                            SELECT sum(n)
                            FROM sums
                          </insert>
                        </mapper>
                        """),
                List.of(
                        "- sql: {name: add, statement: sums.add}\n",
                        "- sql: {name: add-again, statement: sums.addAgain}\n"),
                Map.of("sums", "SELECT n FROM sums ORDER BY 1"));
    }

    private static Scenario jobOfJobs() {
        return new Scenario(
                "jobs",
                """
                CREATE TABLE marks (id bigint PRIMARY KEY, times int NOT NULL DEFAULT 0);
                CREATE TABLE marks_counted (id bigint GENERATED ALWAYS AS IDENTITY, n bigint);
                INSERT INTO marks SELECT n FROM generate_series(1, 60) n""",
                home -> jobOfJobs(home),
                List.of("- job: {name: mark-all}\n", "- job: {name: count-marks, parameters: {least: \"1\"}}\n"),
                Map.of(
                        "marks", "SELECT to_jsonb(t)::text FROM marks t ORDER BY 1",
                        "marks counted", "SELECT n FROM marks_counted ORDER BY 1"));
    }

    private static void jobOfJobs(TestHome home) {
        home.with(
                        "mappers/marks.xml",
                        """
                        <mapper namespace="marks">
                          <select id="open">
                            /* nightshift: marks.open */
                            SELECT id
                            FROM marks
                            WHERE times = 0
                          </select>
                          <update id="mark">
                            /* nightshift: marks.mark */
                            UPDATE marks
                            SET times = times + 1
                            WHERE id = ANY (#{keys})
                              AND times = 0
                          </update>
                          <insert id="count">
                            /* nightshift: marks.count */
                            INSERT INTO marks_counted (n)
                            SELECT count(*)
                            FROM marks
                            WHERE times >= #{least}
                          </insert>
                        </mapper>
                        """)
                .with(
                        "jobs/mark-all.yml",
                        Scenario.yaml(List.of(
                                "- update: {name: marks, table: marks, keys: marks.open, apply: marks.mark}\n")))
                .with(
                        "jobs/count-marks.yml",
                        "parameters:\n  least: {type: integer, required: true}\n"
                                + Scenario.yaml(List.of("- sql: {name: count, statement: marks.count}\n")));
    }
}
