package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class CsvTortureTest {

    @TestFactory
    Stream<DynamicTest> everyFileThatCopyLoadsGivesTheSameRecords() {
        return CsvVerdict.all()
                .filter(CsvVerdict::loads)
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    List<Record> records = verdict.read();
                    assertThat(records).noneMatch(Reading::isBroken).hasSize(verdict.records());
                    if (!records.isEmpty()) {
                        assertThat(CsvVerdict.md5OfRows(records)).isEqualTo(verdict.md5());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyFileThatCopyRefusesForItsLineEndsGivesAllRecords() {
        return CsvVerdict.all()
                .filter(CsvVerdict::mixesLineEnds)
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    assertThat(verdict.read()).hasSize(verdict.pythonRecords());
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyOtherFileThatCopyRefusesIsBrokenFirstOnTheLineThatCopyNames() {
        return CsvVerdict.all()
                .filter(verdict -> !verdict.loads() && !verdict.mixesLineEnds())
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    Record bad = verdict.read().stream()
                            .filter(Reading::isBroken)
                            .findFirst()
                            .orElseThrow();
                    assertThat(bad).matches(verdict::errorIsIn);
                }));
    }
}
