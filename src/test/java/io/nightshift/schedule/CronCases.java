package io.nightshift.schedule;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cron cases beside the repository; tests that need them are skipped where they are missing. */
final class CronCases {

    private static final Pattern FIELD = Pattern.compile("\"([^\"]*)\"(?:,|$)|([^,]*)(?:,|$)");

    private CronCases() {}

    /** The rows of one file without its header. */
    static List<List<String>> of(String name) {
        Path file = Path.of(Optional.ofNullable(System.getenv("NIGHTSHIFT_TEST_DATA"))
                        .orElseGet(() -> System.getProperty("nightshift.test.data", "../shared/data")))
                .resolve("cron_robfig")
                .resolve(name);
        assumeThat(Files.isRegularFile(file))
                .as("%s is missing: NIGHTSHIFT_TEST_DATA says where the real data lies", file)
                .isTrue();
        try {
            return Files.readAllLines(file).stream()
                    .skip(1)
                    .map(CronCases::fields)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        Matcher matcher = FIELD.matcher(line);
        while (matcher.find() && fields.size() < 8) {
            fields.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return fields;
    }
}
