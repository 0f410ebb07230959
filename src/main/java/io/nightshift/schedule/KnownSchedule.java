package io.nightshift.schedule;

import java.time.Instant;
import java.time.ZoneId;

/**
 * The schedule of a job as the timer keeps it.
 *
 * @param since from when on it holds: what was due before was never missed
 */
record KnownSchedule(String job, String cron, ZoneId zone, Instant since) {

    boolean says(String otherCron, ZoneId otherZone) {
        return cron.equals(otherCron) && zone.equals(otherZone);
    }
}
