package io.nightshift.crash;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What was killed where, printed as it happens and as a table at the end. */
final class KillLog {

    private record Entry(String scenario, Kill kill, Phase phase) {}

    private final Instant start = Instant.now();
    private final long seed;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> latest = new ArrayList<>();
    private final Map<String, Integer> comparisons = new LinkedHashMap<>();

    KillLog(long seed) {
        this.seed = seed;
    }

    void add(Scenario scenario, Kill kill, Phase phase) {
        Entry entry = new Entry(scenario.name(), kill, phase);
        entries.add(entry);
        latest.add(entry);
        System.out.printf(
                "%3d s: kill %d (seed %d): %s, %s, %s%s%n",
                seconds(),
                entries.size(),
                seed,
                entry.scenario(),
                kill.target(),
                entry.phase(),
                kill.phase().timed() ? " (after " + kill.occasion() + " ms)" : " (" + kill.occasion() + ".)");
    }

    void missed(Scenario scenario, Kill kill) {
        System.out.printf("%3d s: %s: no occasion for %s%n", seconds(), scenario.name(), kill);
    }

    /** The kills of the run that is not compared yet, for a message. */
    String latest() {
        return "seed %d: %s".formatted(seed, latest);
    }

    /** It ended like an undisturbed run. */
    void compared(Scenario scenario) {
        System.out.printf("%3d s: %s ended as if nothing had happened%n", seconds(), scenario.name());
        latest.clear();
        comparisons.merge(scenario.name(), 1, Integer::sum);
    }

    int count() {
        return entries.size();
    }

    long insideChunk() {
        return entries.stream().filter(entry -> entry.phase().insideChunk()).count();
    }

    long in(Phase phase) {
        return entries.stream().filter(entry -> entry.phase() == phase).count();
    }

    void print() {
        System.out.printf(
                "%n%d kills (seed %d) in %d s, %d of them inside a chunk%n", count(), seed, seconds(), insideChunk());
        table("phase", entry -> entry.phase().toString());
        table("killed", entry -> entry.kill().target().toString());
        table("job", Entry::scenario);
        System.out.printf("runs compared with an undisturbed one, all equal: %s%n", comparisons);
    }

    private long seconds() {
        return Duration.between(start, Instant.now()).toSeconds();
    }

    private void table(String title, Function<Entry, String> by) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        entries.forEach(entry -> counts.merge(by.apply(entry), 1, Integer::sum));
        System.out.printf("%n%-60s kills%n", title);
        counts.forEach((name, count) -> System.out.printf("%-60s %5d%n", name, count));
    }
}
