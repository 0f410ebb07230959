package io.nightshift.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final int CHUNKS = 200;

    @Test
    void neverMoreThanTheMostHaveATurnAndEverybodyGetsThrough() throws Exception {
        Turns turns = new Turns();
        AtomicInteger most = new AtomicInteger(2);
        AtomicInteger busy = new AtomicInteger();
        Set<Integer> seen = new HashSet<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> workers = new ArrayList<>();
        for (int number = 1; number <= 4; number++) {
            int worker = number;
            workers.add(threads.submit(() -> {
                for (int chunk = 0; chunk < CHUNKS; chunk++) {
                    turns.next(worker, most::get, () -> false);
                    synchronized (seen) {
                        seen.add(busy.incrementAndGet());
                    }
                    Thread.onSpinWait();
                    busy.decrementAndGet();
                }
                turns.over(worker);
                return null;
            }));
        }
        for (Future<?> worker : workers) {
            worker.get();
        }
        threads.shutdown();
        assertThat(seen).isSubsetOf(1, 2);
    }

    @Test
    void aWorkerIsNotKeptFromAStepThatEnds() throws Exception {
        Turns turns = new Turns();
        turns.next(1, () -> 1, () -> false);
        turns.next(2, () -> 1, () -> true);
    }
}
