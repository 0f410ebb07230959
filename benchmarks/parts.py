"""The parts of the benchmarks: who is measured at what, in turns."""
import json
import os
import shutil
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import application
from surroundings import HERE, WORK, Process, posts, say, spring_batch

COLUMNS = "id, author_id, title, content, published, created_at"
UPDATES = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS.split(", ")[1:])
COUNT_WORDS = "cardinality(string_to_array(content, ' '))"
LOOP = """DO $$
DECLARE
  low bigint := {low};
BEGIN
  WHILE low <= {high} LOOP
    UPDATE post SET word_count = """ + COUNT_WORDS + """
    WHERE id BETWEEN low AND least(low + 9999, {high}) AND word_count IS NULL;
    COMMIT;
    low := low + 10000;
  END LOOP;
END $$;"""
REPORT = """SELECT date_trunc('day', created_at) AS day, count(*) AS posts,
    count(*) FILTER (WHERE published) AS published, count(DISTINCT author_id) AS authors,
    sum(length(content)) AS characters FROM post GROUP BY 1 ORDER BY 1"""


@dataclass
class Contestant:
    """Somebody who does the work of a part; the first one of a part is what the others are compared with."""

    name: str
    run: object  # returns the seconds of the work itself and those of the whole process
    goal: float = None  # the highest ratio to the first one
    times: int = 0  # 0 is as often as the others; the slow ones run once
    missing: str = ""  # why it cannot be measured here
    note: str = ""
    felt: list = field(default_factory=list)  # by an application beside it, in each turn
    work: list = field(default_factory=list)
    whole: list = field(default_factory=list)

    def median(self):
        return statistics.median(self.work)


def seconds_of_steps(process):
    """A step begins before it hashes its files or counts its keys, and ends when its end is on record."""
    return sum(step["seconds"] for step in json.loads(process.out)["steps"])


def beside_the_first(part, contestant):
    """Seconds, the whole process, and the ratio to the first contestant held against the goal."""
    ratio = contestant.median() / part.contestants[0].median()
    verdict = verdict_on(ratio, contestant.goal)
    note = ", once" if contestant.times == 1 else f", median of {contestant.times}" if contestant.times else ""
    return [f"{contestant.median():.2f}{note}", f"{statistics.median(contestant.whole):.2f}", f"{ratio:.2f}", verdict,
            contestant.note]


def whole_process(part, contestant):
    return [f"{contestant.median():.2f}", verdict_on(contestant.median(), contestant.goal, " s")]


def verdict_on(figure, goal, unit=""):
    if goal is None:
        return ""
    return f"at most {goal}{unit}: " + ("met" if figure <= goal else f"**missed by {(figure / goal - 1) * 100:.0f} %**")


@dataclass
class Part:
    """One kind of work. The figures of a contestant are the cells of its row behind its name."""

    name: str
    title: str
    prepare: object
    contestants: list
    check: object = None
    columns: tuple = ("", "seconds", "whole process", "ratio", "goal", "")
    figures: object = beside_the_first
    drawn: bool = True
    besides: str = "not known"  # how busy the machine was with other things before the part began


class Bench:
    """The contestants' doings on one server."""

    def __init__(self, server, rows, times):
        self.server = server
        self.rows = rows
        self.times = times

    # ---- who ----

    def psql(self, script):
        def run():
            process = self.server.sql(script)
            return process.statements, process.seconds
        return run

    def loops(self, sessions):
        """What a script would do that knows the keys to be dense numbers: ranges of 10,000, a commit behind each."""
        ends = [self.rows * number // sessions for number in range(sessions + 1)]
        scripts = [LOOP.format(low=ends[number] + 1, high=ends[number + 1]) for number in range(sessions)]

        def run():
            begun = time.monotonic()
            with ThreadPoolExecutor() as threads:
                list(threads.map(self.server.sql, scripts))
            seconds = time.monotonic() - begun
            return seconds, seconds
        return run

    def nightshift(self, job, *parameters, **variables):
        def run():
            process = self.server.nightshift("run", job, *parameters, "--new", "--json", **variables).or_fail()
            return seconds_of_steps(process), process.seconds
        return run

    def spring(self, *arguments):
        command = spring_batch(self.server)

        def run():
            process = Process([*command, *arguments], env=self.server.environment).or_fail()
            return float(process.out.rsplit("seconds: ", 1)[1]), process.seconds
        return run

    def whole(self, command):
        def run():
            process = Process(command, env=self.server.environment).or_fail()
            return process.seconds, process.seconds
        return run

    def pgloader(self, file):
        env = self.server.environment
        command = WORK / "posts.load"
        command.touch(mode=0o600)
        command.write_text((HERE / "others/posts.load").read_text().format(
            file=file, columns=COLUMNS, role=env["PGUSER"], password=env["PGPASSWORD"], port=env["PGPORT"],
            database=env["PGDATABASE"]))
        return self.whole(["pgloader", command])

    # ---- the state before a measurement ----

    def empty(self):
        self.server.sql("TRUNCATE post, comment;")
        self.settle()

    def filled(self, where="true"):
        if self.server.sql("SELECT count(*) FROM post_before;").rows[0] != str(self.rows):
            self.server.sql(f"TRUNCATE post_before;\n{self.copy('post_before')}")
        self.server.sql(f"TRUNCATE post, comment; INSERT INTO post SELECT * FROM post_before WHERE {where};")
        self.server.sql("VACUUM (ANALYZE) post;")
        self.settle()

    def with_comments(self):
        """Every third post is marked as deleted, and has one of the comments."""
        self.filled("false")
        self.server.sql(f"""INSERT INTO post ({COLUMNS}, deleted_at)
            SELECT {COLUMNS}, CASE WHEN id % 3 = 0 THEN now() END FROM post_before;
            INSERT INTO comment SELECT id, id, 'a remark on post ' || id FROM post WHERE id % 3 = 0;""")
        self.server.sql("VACUUM (ANALYZE) post, comment;")
        self.settle()

    def settle(self):
        self.server.sql("CHECKPOINT;")

    def copy(self, table="post", file=None):
        return f"\\copy {table} ({COLUMNS}) FROM '{file or posts(self.rows)}' CSV HEADER"

    # ---- the parts ----

    def load(self):
        file = posts(self.rows)
        contestants = [
            Contestant("psql `\\copy`", self.psql(self.copy())),
            Contestant("Nightshift, 1 connection", self.nightshift("load-posts", f"file={file}", "connections=1")),
            Contestant("**Nightshift, 2 connections**", self.nightshift("load-posts", f"file={file}"), goal=1.0),
            Contestant("plain Spring Batch", self.spring("load", str(file))),
            Contestant("pgloader", self.pgloader(file), times=1),
            Contestant("SQLModel `add_all`", self.whole(["/usr/bin/python3", HERE / "others/sqlmodel_load.py", file]),
                       times=1),
        ]
        missing = {"pgloader": not shutil.which("pgloader"),
                   "SQLModel `add_all`": Process(["/usr/bin/python3", "-c", "import sqlmodel, psycopg2"]).exit != 0}
        for contestant in contestants:
            if missing.get(contestant.name):
                contestant.missing = "not installed here, so skipped"
        return Part("load", f"load {self.rows:,} rows straight", self.empty, contestants, self.all_there)

    def upsert(self):
        file = posts(self.rows)
        typed = f"""BEGIN;
            CREATE TEMPORARY TABLE loaded (LIKE post) ON COMMIT DROP;\n{self.copy('loaded')}
            INSERT INTO post ({COLUMNS}) SELECT {COLUMNS} FROM loaded ON CONFLICT (id) DO UPDATE SET {UPDATES};
            COMMIT;"""
        return Part("upsert", f"load {self.rows:,} rows with upsert, half of which exist",
                    lambda: self.filled("id % 2 = 0"), [
            Contestant("COPY and `INSERT ... ON CONFLICT` typed in psql", self.psql(typed)),
            Contestant("**Nightshift, 1 connection**",
                       self.nightshift("upsert-posts", f"file={file}", "connections=1"), goal=1.15),
            Contestant("**Nightshift, 2 connections**", self.nightshift("upsert-posts", f"file={file}"), goal=1.0),
        ], self.all_there)

    def backfill(self):
        statement = f"UPDATE post SET word_count = {COUNT_WORDS} WHERE word_count IS NULL;"
        return Part("backfill", f"backfill {self.rows:,} rows", self.filled, [
            Contestant("one `UPDATE`", self.psql(statement)),
            Contestant("**Nightshift, 1 connection**", self.nightshift("backfill-word-count", "connections=1"), goal=1.05),
            Contestant("**Nightshift, 2 connections**", self.nightshift("backfill-word-count"), goal=0.65),
            Contestant("plain Spring Batch", self.spring("backfill")),
            Contestant("a loop typed in psql", self.loops(1)),
            Contestant("two such loops at once", self.loops(2), note="for dense numbers; keep no books"),
        ], lambda: self.expect("SELECT count(*) FROM post WHERE word_count IS NULL;", 0))

    def purge(self):
        statements = """DELETE FROM comment WHERE post_id IN (SELECT id FROM post WHERE deleted_at IS NOT NULL);
            DELETE FROM post WHERE deleted_at IS NOT NULL;"""
        return Part("purge", f"purge a third of {self.rows:,} rows and their children", self.with_comments, [
            Contestant("two `DELETE`s", self.psql(statements)),
            Contestant("**Nightshift, 1 connection**", self.nightshift("purge-posts"), goal=1.2),
            Contestant("Nightshift, 2 connections", self.nightshift("purge-posts", "connections=2")),
        ], lambda: self.expect("SELECT count(*) FROM post WHERE deleted_at IS NOT NULL;", 0))

    def report(self):
        return Part("report", f"report over {self.rows:,} rows", None, [
            Contestant("the statement", self.psql(f"\\copy ({' '.join(REPORT.split())}) TO '/dev/null' CSV HEADER")),
            Contestant("**Nightshift**", self.nightshift("report-posts"), goal=1.05),
        ])

    def start(self):
        """Whole processes, warm: no ratio, but seconds that a person waits."""
        few = posts(1_000)
        return Part("start", "start-up, as whole processes", None, [
            Contestant("`--help`", self.command("--help"), goal=0.4),
            Contestant("`status`", self.command("status"), goal=0.8),
            Contestant("a job of 1,000 rows",
                       self.command("run", "upsert-posts", f"file={few}", "--new", "--json"), goal=2.0),
        ], columns=("", "seconds", "goal"), figures=whole_process, drawn=False)

    def command(self, *arguments):
        def run():
            process = self.server.nightshift(*arguments).or_fail()
            return process.seconds, process.seconds
        return run

    def scale(self):
        """Ten times the rows, in a small heap."""
        self.large = posts(10 * self.rows)
        part = Part("scale", f"load {10 * self.rows:,} rows straight, Java heap of 128 MB", self.empty, [
            Contestant("psql `\\copy`", self.psql(self.copy(file=self.large)), times=3),
            Contestant("**Nightshift, 2 connections**", None, times=3),
        ])
        small = part.contestants[1]

        def run():
            process = self.server.nightshift("run", "load-posts", f"file={self.large}", "--new", "--json",
                                             watched=True, NIGHTSHIFT_JAVA_OPTS="-Xmx128m").or_fail()
            quarter = max(1, len(process.resident) // 4)
            small.note = (f"resident memory {statistics.mean(process.resident[quarter:2 * quarter]):,.0f} MB in the"
                          f" second quarter, {statistics.mean(process.resident[-quarter:]):,.0f} MB in the last")
            return seconds_of_steps(process), process.seconds
        small.run = run
        return part

    def application(self):
        """A backfill beside an application; the goals are times the quiet p95, and the longest transaction in ms."""
        statement = self.psql(f"UPDATE post SET word_count = {COUNT_WORDS} WHERE word_count IS NULL;")
        rate = int(self.rows / max(1.0, self.seconds_of_backfill() * 2))
        works = [
            Contestant("one `UPDATE`", statement),
            Contestant("**Nightshift, 1 connection**", self.nightshift("backfill-word-count", "connections=1"),
                       goal=(4, 100)),
            Contestant("**Nightshift, 2 connections**", self.nightshift("backfill-word-count"), goal=(10, 250)),
            Contestant(f"**Nightshift, 1 connection, `rate: {rate}`**",
                       self.nightshift("backfill-slowly", f"rate={rate}"), goal=(2, 50)),
            Contestant("Nightshift, the same in small chunks, `target-duration: 5ms`",
                       self.nightshift("backfill-slowly", f"rate={rate}", "target=5ms")),
        ]
        for contestant in works:
            self.beside_application(contestant)
        missing = "" if shutil.which("pgbench") else "pgbench is not installed here, so skipped"
        for contestant in works:
            contestant.missing = missing
        return Part("application", f"what an application feels of a backfill of {self.rows:,} rows (ms)", self.filled, works,
                    columns=("", "p95 quiet", "p95 meanwhile", "ratio", "p99.9", "longest (of all turns)", "seconds", "goal"),
                    figures=application.cells, drawn=False)

    def beside_application(self, contestant):
        work = contestant.run

        def run():
            felt = application.beside(self.server, self.rows, lambda: work()[0])
            contestant.felt.append(felt)
            return felt[2], felt[2]
        contestant.run = run

    def seconds_of_backfill(self):
        self.filled()
        return self.nightshift("backfill-word-count", "connections=1")()[0]

    # ---- whether the work was done ----

    def all_there(self):
        self.expect("SELECT count(*) FROM post;", self.rows)

    def expect(self, question, answer):
        found = self.server.sql(question).rows[0]
        if found != str(answer):
            raise SystemExit(f"{question} gives {found} instead of {answer}: nobody is measured by half of the work")


ALL = ["load", "upsert", "backfill", "purge", "report", "start", "application", "scale"]


def measured(server, names, options):
    """The parts, one after the other, each when it has been measured."""
    bench = Bench(server, options.rows, options.times)
    for name in names:
        part = getattr(bench, name)()
        part.besides = f"{os.getloadavg()[0]:.1f} in the minute before"
        if name == "report":
            bench.filled()
        if options.quick and name == "load":
            part.contestants = [contestant for contestant in part.contestants if contestant.times != 1]
        for turn in range(options.times):
            for contestant in part.contestants:
                if not contestant.missing and turn < (contestant.times or options.times):
                    once(part, contestant, turn)
        yield part


def once(part, contestant, turn):
    if part.prepare:
        part.prepare()
    work, whole = contestant.run()
    if part.check:
        part.check()
    contestant.work.append(work)
    contestant.whole.append(whole)
    say(f"{part.name} {turn + 1}: {contestant.name.strip('*')} {work:.2f} s (whole process {whole:.2f} s)")
