package io.nightshift.schedule;

import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ProblemException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.springframework.dao.DataAccessException;

/**
 * Serves the schedules of a home: at every slot one of the nodes on the database runs the job, and what became of the
 * slot is written down.
 */
public final class Scheduler implements AutoCloseable {

    private static final int LOOK_EVERY_SECONDS = 30;
    private static final int RELEASE_LOOKS = 30;
    private static final int RELEASE_PAUSE_MILLIS = 100;

    private final Node node;
    private final Fires fires;
    private final QuartzTimer timer;
    private final Launch launch;
    private final Consumer<String> log;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "schedule-rounds");
        thread.setDaemon(true);
        return thread;
    });
    private String lastComplaint = "";

    private Scheduler(Node node, Fires fires, QuartzTimer timer, Launch launch, Consumer<String> log) {
        this.node = node;
        this.fires = fires;
        this.timer = timer;
        this.launch = launch;
        this.log = log;
    }

    /**
     * Begins to serve, with a thread per job that may run at once. The database stays the caller's to close.
     *
     * @param log is told what happens, in lines for people, from several threads
     * @throws ProblemException when a job file has a fault, or the database cannot be used
     */
    public static Scheduler start(Home home, Settings settings, Database database, Consumer<String> log) {
        Node node = Node.here(settings.read("nightshift.schedule", ScheduleSettings.class));
        try {
            return start(home, database, node, new LaunchOnEngine(home, settings, database, log), log);
        } catch (DataAccessException failure) {
            throw Schedules.problem(database, failure);
        }
    }

    static Scheduler start(Home home, Database database, Node node, Launch launch, Consumer<String> log) {
        database.createOwnTables();
        Fires fires = new Fires(database);
        fires.addTimerLocks();
        MeetSlot slots = new MeetSlot(node, fires, launch, log);
        QuartzTimer timer = QuartzTimer.on(database, node, slots, log);
        Scheduler scheduler = new Scheduler(node, fires, timer, launch, log);
        try {
            FollowJobFiles files = new FollowJobFiles(home, node, timer, fires, log);
            EndLostFires lost = new EndLostFires(node, fires, slots, database, log);
            files.follow();
            timer.start();
            lost.end();
            scheduler.rounds.scheduleWithFixedDelay(
                    () -> scheduler.round(files, lost), LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
            return scheduler;
        } catch (RuntimeException failure) {
            scheduler.close();
            throw failure;
        }
    }

    private void round(FollowJobFiles files, EndLostFires lost) {
        complainOnce(() -> {
            files.follow();
            lost.end();
        });
    }

    /** The same fault is told once, not with every round. */
    private void complainOnce(Runnable round) {
        try {
            round.run();
            lastComplaint = "";
        } catch (RuntimeException failure) {
            String complaint = String.valueOf(failure.getMessage());
            if (!complaint.equals(lastComplaint)) {
                lastComplaint = complaint;
                log.accept(complaint + System.lineSeparator() + "  The schedules stay as they are.");
            }
        }
    }

    /** Asks for the end; whoever waits for it goes on. */
    public void requestStop() {
        asked.countDown();
    }

    /** Returns when somebody has asked for the end. */
    public void awaitStop() throws InterruptedException {
        asked.await();
    }

    /** Stops what runs at once, without waiting for the chunk boundary. */
    public void stopNow() {
        launch.stopNow("the server was told to end at once");
    }

    /** Begins nothing new, stops what runs at its next chunk boundary, and returns when all has ended. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        asked.countDown();
        rounds.shutdownNow();
        timer.pause();
        launch.requestStop("the server ends");
        awaitRelease();
        timer.close();
        leave();
    }

    /** Quartz takes slots a little early, and forgets to give them back when it is shut down before it has begun them. */
    private void awaitRelease() {
        try {
            for (int i = 0; i < RELEASE_LOOKS && (i == 0 || fires.held(node.name())); i++) {
                Thread.sleep(RELEASE_PAUSE_MILLIS);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (DataAccessException away) {
            // Then the other nodes take over what this one held, when they notice that it is gone.
        }
    }

    private void leave() {
        try {
            fires.leave(node.name());
        } catch (DataAccessException away) {
            // Then the others will notice by themselves.
        }
    }
}
