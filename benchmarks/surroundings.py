"""What a measurement needs around it: a server of its own, the data, processes that are timed."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "target" / "benchmarks"
HOME = WORK / "home"
LAUNCHER = ROOT / "nightshift"

# Nothing here makes a commit less durable. A checkpoint between two measurements, and none within one, because chance
# would decide whom it hits.
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
}
SHOWN = ["server_version", "fsync", "synchronous_commit", "full_page_writes", "data_checksums", *SETTINGS]


def say(line):
    print(time.strftime("%H:%M:%S ") + line, file=sys.stderr, flush=True)


class Process:
    """A process that has ended, with the figures that the kernel keeps of it."""

    def __init__(self, command, watched=False, **options):
        with tempfile.TemporaryFile("w+") as err:
            begun = time.monotonic()
            child = subprocess.Popen(
                [str(word) for word in command], stdout=subprocess.PIPE, stderr=err, text=True, **options)
            self.resident = []
            if watched:
                threading.Thread(target=self.watch, args=[child.pid], daemon=True).start()
            self.out = child.stdout.read()
            _, status, usage = os.wait4(child.pid, 0)
            self.seconds = time.monotonic() - begun
            err.seek(0)
            self.err = err.read()
        self.exit = child.returncode = os.waitstatus_to_exitcode(status)
        self.megabytes = usage.ru_maxrss / 1024

    def watch(self, pid):
        """Megabytes of resident memory, once a second, until the process is gone."""
        while True:
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                return
            self.resident += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")]
            time.sleep(1)

    def or_fail(self):
        if self.exit != 0:
            raise SystemExit(f"exit {self.exit}:\n{self.out}\n{self.err}")
        return self


class Server:
    """A PostgreSQL of its own: Nightshift's embedded one, in a home that is thrown away."""

    def __init__(self):
        if HOME.exists():
            self.nightshift("db", "stop")
        shutil.rmtree(HOME, ignore_errors=True)
        shutil.copytree(HERE / "home", HOME)
        (HOME / "migrations").mkdir(exist_ok=True)
        Process([LAUNCHER, "--home", HOME, "--help"]).or_fail()
        self.nightshift("db", "start").or_fail()
        self.environment = dict(os.environ)
        self.environment.pop("DATABASE_URL", None)
        self.environment.update(json.loads(self.nightshift("db", "env", "--json").or_fail().out)["env"])
        for name, value in SETTINGS.items():
            self.superuser(f"ALTER SYSTEM SET {name} = '{value}'")
        self.superuser(f"GRANT pg_checkpoint TO {self.environment['PGUSER']}")
        self.nightshift("db", "stop").or_fail()
        self.nightshift("db", "start").or_fail()
        self.environment.update(json.loads(self.nightshift("db", "env", "--json").or_fail().out)["env"])
        self.environment["PGPASSWORD"] = self.folder().joinpath("nightshift.password").read_text().strip()
        self.sql((HERE / "schema.sql").read_text())

    def folder(self):
        return next((HOME / ".nightshift").glob("postgres-*"))

    def nightshift(self, *arguments, watched=False, **variables):
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment.update(variables)
        return Process([LAUNCHER, "--home", HOME, *arguments], watched=watched, env=environment)

    def superuser(self, statement):
        secret = self.folder().joinpath("postgres.password").read_text().strip()
        environment = {**self.environment, "PGUSER": "postgres", "PGPASSWORD": secret, "PGDATABASE": "postgres"}
        environment.pop("PGPASSFILE", None)
        Process(["psql", "-qX", "-c", statement], env=environment).or_fail()

    def sql(self, script):
        """Runs a script, and returns what psql printed and the sum of its times."""
        process = Process(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", "\\timing on", "-f", "/dev/stdin"],
                          env=self.environment, stdin=text(script)).or_fail()
        lines = process.out.splitlines()
        process.statements = sum(float(line.split()[1]) for line in lines if line.startswith("Time: ")) / 1000
        process.rows = [line for line in lines if not line.startswith("Time: ")]
        return process

    def settings(self):
        return {name: self.sql(f"SHOW {name};").rows[0] for name in SHOWN}

    def stop(self):
        self.nightshift("db", "stop")


def text(script):
    read, write = os.pipe()
    with os.fdopen(write, "w") as end:
        end.write(script)
    return read


def libraries():
    """The libraries that the launcher has put together, for the program that uses Spring Batch as it is."""
    current = ROOT / "target" / "launcher" / (ROOT / "target/launcher/current").read_text().strip()
    return current / "lib"


def spring_batch(server):
    """Compiles the plain program and makes its tables; returns how it is called."""
    classes = WORK / "classes"
    classes.mkdir(parents=True, exist_ok=True)
    path = f"{libraries()}/*"
    Process(["javac", "-nowarn", "-d", classes, "-cp", path, HERE / "others/PlainSpringBatch.java"]).or_fail()
    # Without it logback writes every detail to the terminal, which would be what is measured.
    (classes / "logback.xml").write_text('<configuration><root level="OFF"/></configuration>\n')
    jar = next(libraries().glob("spring-batch-core-*.jar"))
    with zipfile.ZipFile(jar) as archive:
        tables = archive.read("org/springframework/batch/core/schema-postgresql.sql").decode()
    server.sql("CREATE SCHEMA plain_spring_batch; SET search_path = plain_spring_batch;\n" + tables)
    return ["java", "-Xmx1g", "-cp", f"{classes}:{path}", "PlainSpringBatch"]


def posts(rows):
    """A CSV file of posts, the same one on every machine: about 271 bytes a row, every seventh with quotes."""
    file = WORK / f"posts-{rows}.csv"
    if file.exists():
        return file
    say(f"writing {rows:,} rows to {file}")
    WORK.mkdir(parents=True, exist_ok=True)
    chance = random.Random(42)
    words = ["".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(chance.randint(2, 10)))
             for _ in range(2_000)]
    part = file.with_suffix(".part")
    with open(part, "w") as out:
        out.write("id,author_id,title,content,published,created_at\n")
        for number in range(1, rows + 1):
            out.write(post(number, chance.getrandbits(64), words))
    part.rename(file)
    return file


def post(number, bits, words):
    title = f"{words[bits % 2000].capitalize()} {words[(bits >> 11) % 2000]} {words[(bits >> 22) % 2000]}"
    content = " ".join(words[(bits * (place + 7) >> place % 13) % 2000] for place in range(28))
    if bits % 7 == 0:
        content = f'"{content}, said ""{words[bits % 1999]}"""'
    published = "true" if bits & 1 else "false"
    created = (f"2026-{bits % 12 + 1:02d}-{bits % 28 + 1:02d} "
               f"{bits % 24:02d}:{bits % 60:02d}:{(bits >> 9) % 60:02d}+00")
    return f"{number},{bits % 50_000 + 1},{title} {number},{content},{published},{created}\n"
