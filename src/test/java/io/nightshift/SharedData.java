package io.nightshift;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Real data with right answers, which lies outside of the project. */
public final class SharedData {

    private SharedData() {}

    /** The folder of a set; where it is missing, the test is skipped. */
    public static Path set(String name) {
        Path set = Path.of(Optional.ofNullable(System.getenv("NIGHTSHIFT_TEST_DATA"))
                        .orElseGet(() -> System.getProperty("nightshift.test.data", "../shared/data")))
                .resolve(name)
                .toAbsolutePath()
                .normalize();
        assumeThat(Files.isDirectory(set))
                .as("%s is missing: NIGHTSHIFT_TEST_DATA says where the real data lies", set)
                .isTrue();
        return set;
    }
}
