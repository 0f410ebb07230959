package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LibraryClassesTest {

    @Test
    void theListForTheArchiveNamesClassesThatThereAreElseItIsToBeWrittenAnewByBenchmarksClasses() throws IOException {
        assertThat(listed()).hasSizeGreaterThan(1_000).allSatisfy(name -> assertThat(
                        getClass().getClassLoader().getResource(name.replace('.', '/') + ".class"))
                .as(name)
                .isNotNull());
    }

    private static List<String> listed() throws IOException {
        try (InputStream in = LibraryClassesTest.class.getResourceAsStream("library-classes.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }
}
