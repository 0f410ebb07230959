package io.nightshift.schedule;

import java.time.Instant;
import java.time.ZoneId;

/** A slot that is still to come. */
public record NextFire(String job, String cron, ZoneId zone, Instant slot) {}
