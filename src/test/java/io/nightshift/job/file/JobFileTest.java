package io.nightshift.job.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.content.ContentFile;
import io.nightshift.job.Dialect;
import io.nightshift.job.Dialect.Format;
import io.nightshift.job.Holds;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.RejectLimit;
import io.nightshift.job.ReportOutput;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.StepDefinition.Backfill;
import io.nightshift.job.StepDefinition.Delete;
import io.nightshift.job.StepDefinition.Export;
import io.nightshift.job.StepDefinition.Load;
import io.nightshift.job.StepDefinition.LoadedBefore;
import io.nightshift.job.StepDefinition.Purge;
import io.nightshift.job.StepDefinition.Report;
import io.nightshift.job.StepDefinition.Sql;
import io.nightshift.job.StepDefinition.Update;
import io.nightshift.job.StepOptions;
import io.nightshift.job.Window;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobFileTest {

    private static final Path HERE = Path.of("/somewhere");

    static JobFile read(String text) {
        return read("run-it", text);
    }

    private static JobFile read(String name, String text) {
        Problems problems = new Problems();
        String other =
                "parameters: {retention: {type: duration}, ids: {type: list of integer}}\n" + "steps: [{sql: a.b}]";
        JobFiles files = JobFiles.read(
                List.of(
                        new ContentFile("jobs/" + name + ".yml", text),
                        new ContentFile("jobs/sweep-orphan-comments.yml", other)),
                problems);
        assertThat(problems.all()).isEmpty();
        return files.find(name).orElseThrow();
    }

    private static JobDefinition define(JobFile file, Map<String, List<String>> arguments) {
        Problems problems = new Problems();
        JobDefinition job = file.define(file.values(arguments, HERE, problems), problems);
        assertThat(problems.all()).isEmpty();
        return job;
    }

    private static StepDefinition step(String text) {
        return define(read("steps:\n  - " + text + "\n"), Map.of()).steps().get(0);
    }

    @Test
    void aJobHasWhatItSets() {
        JobFile file = read(
                """
                description: All of it.
                parameters: {n: {type: integer, default: 7, help: "how many"}}
                schedule: {cron: "30 1 ? * *", zone: Europe/Berlin}
                at-most: 2h
                connections: 3
                chunk: ${n}
                lock-timeout: 500ms
                statement-timeout: PT1M
                target-duration: 50ms
                retries: 2
                retry-first: 1s
                retry-longest: 1 minute
                side-by-side: true
                keep-going: true
                steps: [{delete: {table: t, keys: t.a, apply: t.b}}]
                """);
        JobDefinition job = define(file, Map.of());
        assertThat(job.name()).isEqualTo("run-it");
        assertThat(job.file()).isEqualTo("jobs/run-it.yml");
        assertThat(job.description()).isEqualTo("All of it.");
        assertThat(job.schedule())
                .contains(new JobDefinition.Schedule(
                        "30 1 * * *", ZoneId.of("Europe/Berlin"), "jobs/run-it.yml:3 (schedule)"));
        assertThat(job.options())
                .isEqualTo(new JobDefinition.Options(
                        Optional.of(Duration.ofHours(2)),
                        Duration.ofMillis(500),
                        Duration.ofMinutes(1),
                        Duration.ofMillis(50),
                        new JobDefinition.Retries(
                                Optional.of(2), Optional.of(Duration.ofSeconds(1)), Optional.of(Duration.ofMinutes(1))),
                        true,
                        true,
                        Holds.NONE,
                        JobDefinition.Conditions.NONE));
        assertThat(((Delete) job.steps().get(0)).options()).isEqualTo(new StepOptions(3, 7));
    }

    @Test
    void aJobThatSetsNothingHasTheDefaults() {
        JobDefinition job = define(read("steps: [{sql: a.b}]"), Map.of());
        assertThat(job.options())
                .isEqualTo(new JobDefinition.Options(
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        Duration.ofMillis(100),
                        new JobDefinition.Retries(Optional.empty(), Optional.empty(), Optional.empty()),
                        false,
                        false,
                        Holds.NONE,
                        JobDefinition.Conditions.NONE));
        assertThat(job.steps()).containsExactly(new Sql("a.b", "jobs/run-it.yml:1 (steps[0].sql)", "a.b"));
        assertThat(job.schedule()).isEmpty();
    }

    @Test
    void aLoadHasItsDefaults() {
        Dialect usual = new Dialect(Format.CSV, true, ',', '"', "", StandardCharsets.UTF_8, ZoneOffset.UTC, 16 << 20);
        assertThat(step("load: {from: users.csv, merge: users.mergeLoaded}"))
                .isEqualTo(new Load(
                        "users.mergeLoaded",
                        "jobs/run-it.yml:2 (steps[0].load)",
                        List.of("users.csv"),
                        false,
                        Optional.empty(),
                        Optional.of("users.mergeLoaded"),
                        Map.of(),
                        usual,
                        true,
                        List.of(),
                        RejectLimit.NONE,
                        LoadedBefore.LOAD,
                        false,
                        new StepOptions(1, 5000)));
        Load straight = (Load) step("load: {from: users.csv, into: users}");
        assertThat(straight.name()).isEqualTo("users");
        assertThat(straight.loadedBefore()).isEqualTo(LoadedBefore.SKIP);
    }

    @Test
    void aLoadCanTakeTheFirstOfSeveralAlternatives() {
        Load load = (Load) step("load: {from-first: [users.csv, users.jsonl], into: users}");
        assertThat(load.from()).containsExactly("users.csv", "users.jsonl");
        assertThat(load.firstFrom()).isTrue();
    }

    @Test
    void aLoadHasWhatItSets() {
        Load load = (Load) step("load: {name: u, from: [a.csv, 'b*.csv'], merge: u.m, columns: {login: username},"
                + " merge-key: [username], reject-limit: 1%, loaded-before: refuse, extra-columns: ignore, chunk: 10,"
                + " dialect: {format: csv, header: false, delimiter: tab, quote: '', null: 'NULL', encoding: latin1,"
                + " zone: Asia/Tokyo, max-record: 64KB}}");
        assertThat(load.from()).containsExactly("a.csv", "b*.csv");
        assertThat(load.columns()).isEqualTo(Map.of("login", "username"));
        assertThat(load.mergeKey()).containsExactly("username");
        assertThat(load.rejectLimit()).isEqualTo(RejectLimit.ofShare(0.01));
        assertThat(load.loadedBefore()).isEqualTo(LoadedBefore.REFUSE);
        assertThat(load.ignoreExtraColumns()).isTrue();
        assertThat(load.formatByName()).isFalse();
        assertThat(load.options()).isEqualTo(new StepOptions(1, 10));
        assertThat(load.dialect())
                .isEqualTo(new Dialect(
                        Format.CSV,
                        false,
                        '\t',
                        '\0',
                        "NULL",
                        Charset.forName("latin1"),
                        ZoneId.of("Asia/Tokyo"),
                        64 << 10));
    }

    @Test
    void theEndingOfEachFileTellsItsFormatUnlessTheJobDoes() {
        Load load = (Load) step("load: {from: 'users.*', into: users}");
        assertThat(List.of("a.csv", "a.tsv.gz", "a.dat", "-"))
                .allSatisfy(name -> assertThat(load.dialectOf(name).format()).isEqualTo(Format.CSV));
        assertThat(List.of("a.jsonl", "a.NDJSON", "dir.csv/a.json.gz"))
                .allSatisfy(name -> assertThat(load.dialectOf(name).format()).isEqualTo(Format.JSONL));
        Load csv = (Load) step("load: {from: 'users.*', into: users, dialect: {format: csv}}");
        assertThat(csv.dialectOf("a.jsonl").format()).isEqualTo(Format.CSV);
    }

    @Test
    void stepsByKeysHaveWhatTheySet() {
        String keys = "table: t, keys: t.a, apply: t.b";
        StepOptions usual = new StepOptions(1, 1000);
        assertThat(step("update: {" + keys + "}"))
                .isEqualTo(new Update(
                        "t.b",
                        "jobs/run-it.yml:2 (steps[0].update)",
                        "t",
                        "t.a",
                        "t.b",
                        false,
                        false,
                        RejectLimit.NONE,
                        usual));
        assertThat(step("backfill: {name: n, " + keys + ", lock: true, rows-per-key: many, reject-limit: 3}"))
                .isEqualTo(new Backfill(
                        "n",
                        "jobs/run-it.yml:2 (steps[0].backfill)",
                        "t",
                        "t.a",
                        "t.b",
                        true,
                        true,
                        RejectLimit.ofCount(3),
                        usual));
        assertThat(step("purge: {table: t, keys: t.a, apply: [c.d, t.b], connections: 2, chunk: 5}"))
                .isEqualTo(new Purge(
                        "t.b",
                        "jobs/run-it.yml:2 (steps[0].purge)",
                        "t",
                        "t.a",
                        List.of("c.d", "t.b"),
                        false,
                        RejectLimit.NONE,
                        new StepOptions(2, 5)));
        assertThat(step("export: {keys: t.a, select: t.s, file: out.jsonl}"))
                .isEqualTo(new Export(
                        "t.s", "jobs/run-it.yml:2 (steps[0].export)", "t.a", "t.s", "out.jsonl", Format.JSONL, usual));
    }

    @Test
    void aReportHasWhatItSets() {
        assertThat(step("report: {window: week, zone: UTC, from: 2026-01-05, to: 2026-02-02, refresh: r.f, select: r.s,"
                        + " output: {json: true, html: true, chart: {kind: bar, x: day, y: opened}}}"))
                .isEqualTo(new Report(
                        "r.s",
                        "jobs/run-it.yml:2 (steps[0].report)",
                        Optional.of(new Window(
                                Window.Unit.WEEK,
                                ZoneId.of("UTC"),
                                1,
                                Optional.of(LocalDate.of(2026, 1, 5)),
                                Optional.of(LocalDate.of(2026, 2, 2)))),
                        Optional.of("r.f"),
                        Optional.of("r.s"),
                        new ReportOutput(
                                false,
                                true,
                                true,
                                Optional.of(new ReportOutput.Chart(
                                        ReportOutput.Chart.Kind.BAR, "day", List.of("opened"))))));
        Report plain = (Report) step("report: {select: r.s}");
        assertThat(plain.output()).isEqualTo(new ReportOutput(true, false, true, Optional.empty()));
        assertThat(plain.window()).isEmpty();
    }

    @Test
    void parametersFillEveryValue() {
        JobFile file = read(
                """
                parameters:
                  dir: {type: path, required: true}
                  tables: {type: list of text, default: [a.csv, "b,c.csv"]}
                  zone: {type: text, default: UTC}
                  tag: {type: text, default: a}
                  limit: {type: text, default: 1%}
                  wait: {type: duration, default: 3s}
                  on: {type: boolean, default: true}
                  retention: {type: duration, default: P30D}
                  ids: {type: list of integer, default: [1, 2]}
                lock-timeout: ${wait}
                keep-going: ${on}
                steps:
                  - load:
                      name: load-${tag}
                      from: ["${dir}/x.csv", "${tables}"]
                      into: t
                      dialect: {zone: "${zone}"}
                      reject-limit: ${limit}
                  - job: {name: sweep-orphan-comments, parameters: {retention: "${retention}", ids: "${ids}"}}
                """);
        JobDefinition job = define(file, Map.of("dir", List.of("in"), "zone", List.of("Asia/Tokyo")));
        Load load = (Load) job.steps().get(0);
        assertThat(job.options().lockTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(job.options().keepGoing()).isTrue();
        assertThat(load.name()).isEqualTo("load-a");
        assertThat(load.from()).containsExactly("/somewhere/in/x.csv", "a.csv", "b,c.csv");
        assertThat(load.dialect().zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(load.rejectLimit()).isEqualTo(RejectLimit.ofShare(0.01));
        assertThat(job.steps().get(1))
                .isEqualTo(new StepDefinition.Job(
                        "sweep-orphan-comments",
                        "jobs/run-it.yml:20 (steps[1].job)",
                        "sweep-orphan-comments",
                        Map.of("retention", "P30D", "ids", "1,2")));
    }

    @Test
    void aSampleStandsForParametersWithoutADefault() {
        JobFile file = read(
                """
                parameters:
                  file: {type: path, required: true}
                  rows: {type: text, required: true}
                  zone: {type: text, required: true}
                steps: [{load: {from: "${file}", into: t, chunk: "${rows}", dialect: {zone: "${zone}"}}}]
                """);
        assertThat(file.sample().steps()).hasSize(1);
        assertThat(file.sampleValues().find("rows")).contains(List.of("sample"));
    }

    @Test
    void aValueThatDoesNotFitIsAProblemOfTheRun() {
        JobFile file = read("parameters: {rows: {type: text, default: '1'}}\n"
                + "steps: [{update: {table: t, keys: t.a, apply: t.b, chunk: '${rows}'}}]");
        Problems problems = new Problems();
        file.define(file.values(Map.of("rows", List.of("many")), HERE, problems), problems);
        assertThat(problems.all())
                .containsExactly(new Problem(
                        "jobs/run-it.yml:2 (steps[0].update.chunk)",
                        "\"many\" is not a number from 1 to 1000000.",
                        ""));
    }
}
