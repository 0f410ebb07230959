package io.nightshift.schedule;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this node serves the schedules.
 *
 * @param threads how many scheduled jobs may run at the same time on this node
 * @param grace   how late a slot may be begun; later, it counts as missed
 * @param checkIn how often the node shows that it is there
 */
@ConfigurationProperties(prefix = "nightshift.schedule")
record ScheduleSettings(
        @DefaultValue("4") int threads, @DefaultValue("60s") Duration grace, @DefaultValue("7500ms") Duration checkIn) {

    ScheduleSettings {
        require(threads >= 1, "threads must be at least 1.");
        require(grace.compareTo(Duration.ofSeconds(1)) >= 0, "grace must be at least 1 s.");
        require(checkIn.compareTo(Duration.ofSeconds(1)) >= 0, "check-in must be at least 1 s.");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
