package io.nightshift.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.Set;

/**
 * The slots of five Unix cron fields in a time zone.
 *
 * <p>When the clock changes, a schedule for every hour goes on in real time: it skips local times that do not exist and
 * comes twice at those that exist twice. Any other comes once for each local time it names: at the first instant after
 * the gap when that time does not exist, the first time when it exists twice.
 */
final class CronSchedule implements Slots {

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private static final Set<String> EVERY_HOUR = Set.of("*", "*/1", "0-23");

    private final ExecutionTime times;
    private final boolean everyHour;
    private final ZoneRules rules;

    private CronSchedule(ExecutionTime times, boolean everyHour, ZoneRules rules) {
        this.times = times;
        this.everyHour = everyHour;
        this.rules = rules;
    }

    /** @throws IllegalArgumentException when these are not five Unix fields */
    static CronSchedule of(String cron, ZoneId zone) {
        // Quartz's "?" means any day, which Unix writes as "*".
        String fields = cron.strip().replace('?', '*');
        ExecutionTime times = ExecutionTime.forCron(PARSER.parse(fields).validate());
        return new CronSchedule(times, EVERY_HOUR.contains(fields.split("\\s+")[1]), zone.getRules());
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return everyHour ? nextInRealTime(after) : nextLocalTime(after);
    }

    /** Between two clock changes the offset stands still, and cron can be reckoned in it. */
    private Optional<Instant> nextInRealTime(Instant after) {
        ZoneOffset offset = rules.getOffset(after);
        Optional<Instant> candidate = following(
                        LocalDateTime.ofEpochSecond(after.getEpochSecond(), after.getNano(), offset))
                .map(local -> local.toInstant(offset));
        ZoneOffsetTransition change = rules.nextTransition(after);
        if (candidate.isEmpty() || change == null || candidate.get().isBefore(change.getInstant())) {
            return candidate;
        }
        LocalDateTime first = change.getDateTimeAfter();
        Optional<LocalDateTime> local = following(first.minusNanos(1));
        boolean atOnce = local.filter(first::equals).isPresent();
        return atOnce ? Optional.of(change.getInstant()) : nextInRealTime(change.getInstant());
    }

    /** Local times map to instants in their own order, so the first that lies behind is the next. */
    private Optional<Instant> nextLocalTime(Instant after) {
        Optional<LocalDateTime> local = following(LocalDateTime.ofInstant(after, ZoneOffset.UTC)
                .plusSeconds(rules.getOffset(after).getTotalSeconds()));
        while (local.isPresent() && !instant(local.get()).isAfter(after)) {
            local = following(local.get());
        }
        return local.map(this::instant);
    }

    private Instant instant(LocalDateTime local) {
        ZoneOffsetTransition change = rules.getTransition(local);
        if (change != null && change.isGap()) {
            return change.getInstant();
        }
        // Of two offsets the earlier one: the first time.
        return local.toInstant(change == null ? rules.getOffset(local) : change.getOffsetBefore());
    }

    /** Cron in local time, where no clock ever changes. */
    private Optional<LocalDateTime> following(LocalDateTime local) {
        return times.nextExecution(local.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }
}
