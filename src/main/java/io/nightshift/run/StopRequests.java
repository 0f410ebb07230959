package io.nightshift.run;

import io.nightshift.chunk.StopSignal;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;

/**
 * Looks every second whether somebody has asked the run to stop, through the connection that holds its locks: when that
 * connection is lost, so are the locks, and no further chunk may begin.
 */
final class StopRequests implements AutoCloseable {

    private final Runs runs;
    private final WorkLocks locks;
    private final long run;
    private final StopSignal stop;
    private volatile boolean closed;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stop-requests");
        thread.setDaemon(true);
        return thread;
    });

    StopRequests(Runs runs, WorkLocks locks, long run, StopSignal stop) {
        this.runs = runs;
        this.locks = locks;
        this.run = run;
        this.stop = stop;
    }

    void watch() {
        clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            runs.stopRequest(locks.connection(), run).ifPresent(who -> stop.request("asked to by " + who));
        } catch (DataAccessException lost) {
            // A look that was under way at the end finds the connection closed by ourselves.
            if (!closed) {
                stop.requestLost("the connection that holds the lock on the work was lost");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        clock.shutdownNow();
    }
}
