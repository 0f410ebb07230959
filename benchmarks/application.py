"""What an application feels while a backfill works on its table: pgbench beside it, latencies from its log."""
import math
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

CLIENTS, PER_SECOND, QUIET_SECONDS, SECONDS_AFTER = 8, 200, 10, 2
SCRIPT = r"""\set id random(1, {rows})
BEGIN;
SELECT title FROM post WHERE id = :id;
UPDATE post SET published = NOT published WHERE id = :id;
COMMIT;
"""


class Application:
    """Short transactions at a steady rate on the table."""

    def __init__(self, server, rows):
        self.folder = Path(tempfile.mkdtemp(prefix="nightshift-pgbench-"))
        script = self.folder / "short.sql"
        script.write_text(SCRIPT.format(rows=rows))
        self.process = subprocess.Popen(
            ["pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-R", str(PER_SECOND), "-T", "3600",
             "-l", "--log-prefix", str(self.folder / "log"), "-f", str(script)],
            env=server.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        """Ends it; returns (second of the clock, milliseconds since it was due) of every transaction."""
        self.process.terminate()
        self.process.wait()
        transactions = []
        for log in self.folder.glob("log*"):
            for line in log.read_text().splitlines():
                words = line.split()
                if len(words) >= 6:
                    transactions.append((int(words[4]) + int(words[5]) / 1e6, int(words[2]) / 1000))
        shutil.rmtree(self.folder)
        return transactions


class Feeling:
    """The latencies between two moments, in milliseconds."""

    def __init__(self, transactions, begun, ended):
        self.values = sorted(took for at, took in transactions if begun <= at <= ended)

    def at(self, share):
        return self.values[min(len(self.values) - 1, math.ceil(share * len(self.values)) - 1)]


def beside(server, rows, work):
    """Lets pgbench run for a while, then the work beside it; how it felt before, and meanwhile, and how long it took."""
    application = Application(server, rows)
    try:
        time.sleep(QUIET_SECONDS)
        begun = time.time()
        took = work()
        ended = time.time()
        # Whoever waited for the work to end is through a little later.
        time.sleep(SECONDS_AFTER)
    finally:
        transactions = application.stop()
    quiet = Feeling(transactions, begun - QUIET_SECONDS + 2, begun)
    return quiet, Feeling(transactions, begun, ended + SECONDS_AFTER), took


def cells(part, contestant):
    """p95 quiet and meanwhile, their ratio against the goal, p99.9, the longest one, the seconds of the work: medians of
    the turns, and behind the longest one that of all turns."""
    def middle(figure):
        return statistics.median(figure(*felt) for felt in contestant.felt)

    ratio = middle(lambda quiet, meanwhile, _: meanwhile.at(0.95) / quiet.at(0.95))
    longest = middle(lambda quiet, meanwhile, _: meanwhile.at(1))
    goals = []
    if contestant.goal:
        times, most = contestant.goal
        goals = [held(ratio, times, " times"), held(longest, most, " ms longest")]
    return [f"{middle(lambda quiet, meanwhile, _: quiet.at(0.95)):.1f}",
            f"{middle(lambda quiet, meanwhile, _: meanwhile.at(0.95)):.1f}", f"{ratio:.1f}",
            f"{middle(lambda quiet, meanwhile, _: meanwhile.at(0.999)):.1f}",
            f"{longest:.1f} ({max(meanwhile.at(1) for _, meanwhile, _ in contestant.felt):.1f})",
            f"{middle(lambda quiet, meanwhile, took: took):.1f}", "; ".join(goals)]


def held(figure, goal, unit):
    return f"{goal}{unit}: " + ("met" if figure <= goal else "**missed**")
