package io.nightshift.job.file;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.nightshift.job.JobDefinition.Schedule;
import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.yaml.Reading;
import io.nightshift.job.yaml.Section;
import io.nightshift.job.yaml.Unfit;
import io.nightshift.job.yaml.YamlNode;
import io.nightshift.problem.Problems;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;

/** Reads when a job runs by itself. */
final class ReadSchedule {

    private static final String FIX =
            "Write five fields: minute, hour, day of month, month, day of week; for example \"30 1 * * *\".";

    private final Reading reading;

    ReadSchedule(Problems problems) {
        this.reading = new Reading(problems, false);
    }

    Schedule read(YamlNode node, List<ParameterDefinition> parameters) {
        Section section = Section.of(node, Keys.SCHEDULE, reading);
        String missing = parameters.stream()
                .filter(ParameterDefinition::required)
                .map(ParameterDefinition::name)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            reading.fault(
                    node,
                    "nobody is there at night to give the required parameter " + missing + ".",
                    "Give it a default, or schedule a job that starts this one with a value.");
        }
        return new Schedule(
                section.required("cron", ReadSchedule::cron, ""),
                section.read("zone", Values::zone).orElse(ZoneId.of("UTC")),
                node.place().text());
    }

    private static String cron(String text) throws Unfit {
        if (text.contains("${")) {
            throw new Unfit("a schedule cannot hang on a parameter.", "Write the fields out.");
        }
        // Quartz's "?" means any day, which Unix writes as "*".
        String fields = text.strip().replace('?', '*');
        Cron cron;
        try {
            cron = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(fields);
            cron.validate();
        } catch (IllegalArgumentException e) {
            throw new Unfit("\"" + text + "\" is not a cron schedule (" + e.getMessage() + ").", FIX);
        }
        if (ExecutionTime.forCron(cron)
                .nextExecution(Instant.now().atZone(ZoneId.of("UTC")))
                .isEmpty()) {
            throw new Unfit("\"" + text + "\" never comes.", FIX);
        }
        return fields;
    }
}
