package io.nightshift.job.file;

import java.util.List;
import java.util.stream.Stream;

/** Every key of a job file. The schema for editors lists the same ones; a test compares the two. */
final class Keys {

    static final List<String> JOB = List.of(
            "description",
            "parameters",
            "schedule",
            "steps",
            "at-most",
            "connections",
            "chunk",
            "rate",
            "holds",
            "lock-timeout",
            "statement-timeout",
            "target-duration",
            "retries",
            "retry-first",
            "retry-longest",
            "side-by-side",
            "keep-going",
            "before",
            "after");
    static final List<String> PARAMETER = List.of("type", "required", "default", "values", "help");
    static final List<String> HOLDS = List.of(
            "replica-lag",
            "retained-wal",
            "lock-queue",
            "yield-after",
            "wraparound-vacuum",
            "wal-rate",
            "check",
            "at-most");
    static final List<String> SCHEDULE = List.of("cron", "zone");
    static final List<String> KINDS =
            List.of("load", "update", "delete", "backfill", "purge", "report", "export", "sql", "job");

    static final List<String> LOAD = List.of(
            "name",
            "from",
            "from-first",
            "into",
            "merge",
            "columns",
            "merge-key",
            "dialect",
            "reject-limit",
            "loaded-before",
            "extra-columns",
            "connections",
            "chunk",
            "max-rows",
            "rate");
    static final List<String> DIALECT =
            List.of("format", "header", "delimiter", "quote", "null", "encoding", "zone", "max-record");
    static final List<String> PURGE = List.of(
            "name",
            "table",
            "keys",
            "apply",
            "rows-per-key",
            "reject-limit",
            "connections",
            "chunk",
            "rate",
            "max-rows",
            "expect");
    /** Of update, delete and backfill. */
    static final List<String> KEYED =
            Stream.concat(PURGE.stream(), Stream.of("lock")).toList();

    static final List<String> REPORT =
            List.of("name", "window", "zone", "windows", "from", "to", "refresh", "select", "output");
    static final List<String> OUTPUT = List.of("csv", "json", "html", "chart");
    static final List<String> CHART = List.of("kind", "x", "y");
    static final List<String> EXPORT =
            List.of("name", "keys", "select", "file", "format", "chunk", "rate", "max-rows", "expect");
    static final List<String> SQL = List.of("name", "statement");
    static final List<String> JOB_STEP = List.of("name", "parameters");

    private Keys() {}
}
