package io.nightshift.schedule;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/**
 * This process as one of those that serve the schedules of a database.
 *
 * @param name      different for every process that ever was
 * @param reckoning how slots follow from a schedule
 */
record Node(
        String name,
        Instant startedAt,
        ScheduleSettings settings,
        Clock clock,
        Function<KnownSchedule, Slots> reckoning) {

    static Node here(ScheduleSettings settings) {
        return here(settings, Clock.systemUTC(), schedule -> CronSchedule.of(schedule.cron(), schedule.zone()));
    }

    static Node here(ScheduleSettings settings, Clock clock, Function<KnownSchedule, Slots> reckoning) {
        String unique = UUID.randomUUID().toString().substring(0, 8);
        String name = "%s-%d-%s".formatted(host(), ProcessHandle.current().pid(), unique);
        return new Node(name, clock.instant(), settings, clock, reckoning);
    }

    Slots slots(KnownSchedule schedule) {
        return reckoning.apply(schedule);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
