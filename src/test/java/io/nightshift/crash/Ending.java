package io.nightshift.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How a run has left the database and the home: rows, rejects, the ledger's sums, the books, the written files. */
record Ending(Map<String, List<String>> rows, Map<String, byte[]> files) {

    /** What is ours and does not depend on how often a run was attempted. */
    private static final Map<String, String> BOOKS = new LinkedHashMap<>();

    static {
        BOOKS.put(
                "rejects",
                """
                SELECT (to_jsonb(j) - '{id,run,created_at,refused_in}'::text[])::text || r.job
                FROM nightshift.reject j
                  JOIN nightshift.run r USING (run)
                ORDER BY 1""");
        BOOKS.put(
                "sums of the ledger",
                """
                SELECT concat_ws(' ', r.job, l.step, 'read', sum(l.read), 'written', sum(l.written),
                  'rejected', sum(l.rejected), 'skipped', sum(l.skipped))
                FROM nightshift.ledger l
                  JOIN nightshift.run r USING (run)
                GROUP BY r.job, l.step
                ORDER BY 1""");
        BOOKS.put(
                "chunks that begin where none has ended",
                """
                SELECT concat_ws(' ', l.run, l.step, l.piece, l.after)
                FROM nightshift.ledger l
                WHERE l.after <> '{}'
                  AND NOT EXISTS (
                    SELECT
                    FROM nightshift.ledger b
                    WHERE b.run = l.run
                      AND b.step = l.step
                      AND b.piece = l.piece
                      AND b.last = l.after)""");
        BOOKS.put(
                "pieces that are not worked to their end",
                """
                SELECT concat_ws(' ', p.run, p.step, p.piece)
                FROM nightshift.piece p
                WHERE p.upper <> '{}'
                  AND NOT EXISTS (
                    SELECT
                    FROM nightshift.ledger l
                    WHERE l.run = p.run
                      AND l.step = p.step
                      AND l.piece = p.piece
                      AND l.last = p.upper)""");
        BOOKS.put(
                "runs and steps",
                """
                SELECT concat_ws(' ', r.job, r.state, s.step, s.state, s.total)
                FROM nightshift.run r
                  LEFT JOIN nightshift.step s USING (run)
                ORDER BY 1""");
        BOOKS.put(
                "attempts without an end or a reason",
                """
                SELECT concat_ws(' ', run, attempt, state)
                FROM nightshift.attempt
                WHERE ended_at IS NULL
                  OR state <> 'COMPLETED' AND reason IS NULL""");
        BOOKS.put(
                "executions that Spring Batch takes for running, or does not know",
                """
                SELECT status
                FROM nightshift.batch_job_execution
                WHERE status NOT IN ('COMPLETED', 'FAILED', 'STOPPED')
                UNION ALL
                SELECT status
                FROM nightshift.batch_step_execution
                WHERE status NOT IN ('COMPLETED', 'FAILED', 'STOPPED')""");
    }

    static Ending of(CrashServer server, Scenario scenario, Path home) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        scenario.compared().forEach((name, query) -> rows.put(name, server.column(query)));
        BOOKS.forEach((name, query) -> rows.put(name, server.column(query)));
        // The one thing in a report's page that tells when it was made.
        String asOf =
                server.value("SELECT to_char(min(as_of) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM nightshift.run");
        return new Ending(rows, files(home, asOf));
    }

    /** The scenario's own tables, without our books: where two runs did the work of one, these differ. */
    Ending only(Scenario scenario) {
        Map<String, List<String>> tables = new LinkedHashMap<>(rows);
        tables.keySet().retainAll(scenario.compared().keySet());
        return new Ending(tables, files);
    }

    private static Map<String, byte[]> files(Path home, String asOf) {
        Map<String, byte[]> files = new TreeMap<>();
        for (String folder : List.of("reports", "archive")) {
            Path root = home.resolve(folder);
            if (!Files.isDirectory(root)) {
                continue;
            }
            try (Stream<Path> found = Files.walk(root)) {
                for (Path file : found.filter(Files::isRegularFile).toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    boolean page = file.toString().endsWith(".html");
                    files.put(
                            home.relativize(file).toString(),
                            page
                                    ? new String(bytes, StandardCharsets.UTF_8)
                                            .replace(asOf, "AS-OF")
                                            .getBytes(StandardCharsets.UTF_8)
                                    : bytes);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** One line per thing that is not as it is there; none when all is the same. */
    List<String> differencesTo(Ending expected) {
        List<String> differences = new ArrayList<>();
        rows.forEach((name, here) -> {
            List<String> there = expected.rows.get(name);
            if (!here.equals(there)) {
                differences.add("%s: %d rows instead of %d; too many: %s; missing: %s"
                        .formatted(name, here.size(), there.size(), without(here, there), without(there, here)));
            }
        });
        if (!files.keySet().equals(expected.files.keySet())) {
            differences.add("files: %s instead of %s".formatted(files.keySet(), expected.files.keySet()));
        }
        files.forEach((name, here) -> {
            byte[] there = expected.files.get(name);
            if (there != null && !Arrays.equals(here, there)) {
                differences.add("file %s: %d bytes instead of %d, different from byte %d on"
                        .formatted(name, here.length, there.length, Arrays.mismatch(here, there)));
            }
        });
        return differences;
    }

    /** The first few of those that the other has less often. */
    private static List<String> without(List<String> rows, List<String> others) {
        List<String> left = new ArrayList<>(rows);
        others.forEach(left::remove);
        return left.size() <= 3 ? left : left.subList(0, 3);
    }
}
