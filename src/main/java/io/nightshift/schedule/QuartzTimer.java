package io.nightshift.schedule;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.simpl.SimpleThreadPool;
import org.quartz.utils.DBConnectionManager;

/**
 * Quartz as a plain timer: it keeps the schedules as durable jobs and wakes one node for each slot by a trigger that
 * fires once. It knows nothing of cron, and nothing of what became of a slot.
 */
final class QuartzTimer implements AutoCloseable {

    private static final String GROUP = "schedule";

    /** Quartz's own name for the class it loads; the instances come from our factory. */
    private static final class Wake implements Job {

        private final MeetSlot slots;
        private final Consumer<String> log;

        private Wake(MeetSlot slots, Consumer<String> log) {
            this.slots = slots;
            this.log = log;
        }

        /** The next trigger first: a job that runs for hours must not hide the slots that come meanwhile. */
        @Override
        public void execute(JobExecutionContext context) {
            KnownSchedule schedule = schedule(context.getJobDetail());
            Instant slot = Instant.parse(context.getMergedJobDataMap().getString("slot"));
            try {
                Optional<Instant> following = slots.following(schedule, slot);
                if (following.isPresent()) {
                    arm(context.getScheduler(), schedule.job(), following.get());
                }
                slots.meet(schedule, slot);
            } catch (SchedulerException | RuntimeException failure) {
                log.accept("%s: slot %s was not recorded (%s). It is looked at again with the next slot."
                        .formatted(schedule.job(), slot, failure.getMessage()));
            }
        }
    }

    private final Scheduler scheduler;

    private QuartzTimer(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Makes the timer; it stands still until {@link #start()}. */
    static QuartzTimer on(Database database, Node node, MeetSlot slots, Consumer<String> log) {
        String connections = "nightshift " + node.name();
        DBConnectionManager.getInstance().addConnectionProvider(connections, new DatabaseConnections(database));
        return attempt(() -> {
            SchedulerRepository repository = SchedulerRepository.getInstance();
            // Quartz returns a scheduler of the same name that this JVM has already: never what we want.
            synchronized (repository) {
                Scheduler scheduler =
                        new StdSchedulerFactory(properties(database.schema(), node, connections)).getScheduler();
                repository.remove(scheduler.getSchedulerName());
                scheduler.setJobFactory((bundle, owner) -> new Wake(slots, log));
                return new QuartzTimer(scheduler);
            }
        });
    }

    private static Properties properties(String schema, Node node, String connections) {
        Properties properties = new Properties();
        properties.put("org.quartz.scheduler.instanceName", schema);
        properties.put("org.quartz.scheduler.instanceId", node.name());
        properties.put("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
        properties.put("org.quartz.threadPool.class", SimpleThreadPool.class.getName());
        properties.put(
                "org.quartz.threadPool.threadCount",
                Integer.toString(node.settings().threads()));
        properties.put("org.quartz.threadPool.makeThreadsDaemons", "true");
        properties.put("org.quartz.jobStore.class", JobStoreTX.class.getName());
        properties.put("org.quartz.jobStore.dataSource", connections);
        properties.put("org.quartz.jobStore.driverDelegateClass", PostgreSQLDelegate.class.getName());
        properties.put("org.quartz.jobStore.tablePrefix", schema + ".qrtz_");
        properties.put("org.quartz.jobStore.useProperties", "true");
        properties.put("org.quartz.jobStore.isClustered", "true");
        properties.put("org.quartz.jobStore.acquireTriggersWithinLock", "true");
        properties.put(
                "org.quartz.jobStore.clusterCheckinInterval",
                Long.toString(node.settings().checkIn().toMillis()));
        properties.put("org.quartz.jobStore.makeThreadsDaemons", "true");
        return properties;
    }

    /** What Quartz is asked to do. */
    private interface Asked<T> {
        T answer() throws SchedulerException;
    }

    private static <T> T attempt(Asked<T> asked) {
        try {
            return asked.answer();
        } catch (SchedulerException failure) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new ProblemException(
                    ExitCode.FAILED,
                    "The schedule's timer",
                    "does not answer: " + cause.getMessage(),
                    "The slots of this time are recorded as missed. See whether the database is there: nightshift status");
        }
    }

    void start() {
        attempt(() -> {
            scheduler.start();
            return true;
        });
    }

    /** The jobs whose schedules are kept. */
    Set<String> jobs() {
        return attempt(() -> scheduler.getJobKeys(GroupMatcher.jobGroupEquals(GROUP)).stream()
                .map(JobKey::getName)
                .collect(Collectors.toSet()));
    }

    Optional<KnownSchedule> find(String job) {
        return attempt(
                () -> Optional.ofNullable(scheduler.getJobDetail(key(job))).map(QuartzTimer::schedule));
    }

    private static KnownSchedule schedule(JobDetail job) {
        JobDataMap data = job.getJobDataMap();
        return new KnownSchedule(
                job.getKey().getName(),
                data.getString("cron"),
                ZoneId.of(data.getString("zone")),
                Instant.parse(data.getString("since")));
    }

    private static JobKey key(String job) {
        return new JobKey(job, GROUP);
    }

    /** Keeps a schedule in place of what was known of this job, without any slot. */
    void keep(KnownSchedule schedule) {
        JobDetail detail = JobBuilder.newJob(Wake.class)
                .withIdentity(key(schedule.job()))
                .usingJobData("cron", schedule.cron())
                .usingJobData("zone", schedule.zone().getId())
                .usingJobData("since", schedule.since().toString())
                .storeDurably()
                .requestRecovery()
                .build();
        attempt(() -> {
            forget(schedule.job());
            scheduler.addJob(detail, true);
            return true;
        });
    }

    void forget(String job) {
        attempt(() -> scheduler.deleteJob(key(job)));
    }

    /** Whether a slot of the job is waited for. */
    boolean armed(String job) {
        return attempt(() -> !scheduler.getTriggersOfJob(key(job)).isEmpty());
    }

    /** Waits for a slot; does nothing when somebody does already. */
    void arm(String job, Instant slot) {
        attempt(() -> {
            arm(scheduler, job, slot);
            return true;
        });
    }

    private static void arm(Scheduler scheduler, String job, Instant slot) throws SchedulerException {
        Trigger once = TriggerBuilder.newTrigger()
                .withIdentity(job + " " + slot, GROUP)
                .forJob(key(job))
                .usingJobData("slot", slot.toString())
                .startAt(Date.from(slot))
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
                .build();
        try {
            scheduler.scheduleJob(once);
        } catch (ObjectAlreadyExistsException known) {
            // Another node was quicker, or this slot is being met right now.
        }
    }

    /** Wakes nobody any more, and returns when what was woken has ended. */
    @Override
    public void close() {
        attempt(() -> {
            scheduler.standby();
            scheduler.shutdown(true);
            return true;
        });
    }

    /** Wakes nobody any more. */
    void pause() {
        attempt(() -> {
            scheduler.standby();
            return true;
        });
    }
}
