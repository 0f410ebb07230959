package io.nightshift.run.attempt;

import io.nightshift.run.books.StopRequests;
import io.nightshift.run.claim.WorkLocks;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;

/**
 * Looks every second whether somebody has asked the run to stop, through the connection that holds its locks: when that
 * connection is lost, so are the locks, and no further chunk may begin before they are taken again.
 */
final class LookForStop implements AutoCloseable {

    /** Is told what the looks have found. */
    interface Found {
        void asked(StopRequests.StopRequest request);

        /** The locks are gone; said at every look until they are taken again. */
        void lost();
    }

    private final StopRequests requests;
    private final WorkLocks locks;
    private final long run;
    private final Found found;
    private volatile boolean closed;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stop-requests");
        thread.setDaemon(true);
        return thread;
    });

    LookForStop(StopRequests requests, WorkLocks locks, long run, Found found) {
        this.requests = requests;
        this.locks = locks;
        this.run = run;
        this.found = found;
    }

    void begin() {
        clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            requests.find(locks.connection(), run).ifPresent(found::asked);
        } catch (DataAccessException lost) {
            // A look that was under way at the end finds the connection closed by ourselves.
            if (!closed) {
                found.lost();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        clock.shutdownNow();
    }
}
