package io.nightshift.job.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.DocumentedKind;
import io.nightshift.content.ContentFile;
import io.nightshift.job.yaml.YamlNode;
import io.nightshift.problem.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the pages below docs/kinds against the reader: no key of a kind is left out of its example. */
class DocumentedKeysTest {

    private static final Map<String, List<List<String>>> KEYS = Map.of(
            "load", List.of(Keys.LOAD, Keys.DIALECT),
            "update", List.of(Keys.KEYED),
            "delete", List.of(Keys.KEYED),
            "backfill", List.of(Keys.KEYED),
            "purge", List.of(Keys.PURGE),
            "report", List.of(Keys.REPORT, Keys.OUTPUT, Keys.CHART),
            "export", List.of(Keys.EXPORT),
            "sql", List.of(Keys.SQL),
            "job", List.of(Keys.JOB_STEP));

    /** Keys that stand for others of the example, and are described behind it. */
    private static final Set<String> INSTEAD_OF_OTHERS = Set.of("from-first", "into", "windows");

    @Test
    void everyKindHasAPage() {
        assertThat(DocumentedKind.all())
                .extracting(DocumentedKind::kind)
                .containsExactlyInAnyOrderElementsOf(Keys.KINDS);
        assertThat(KEYS.keySet()).containsExactlyInAnyOrderElementsOf(Keys.KINDS);
    }

    @TestFactory
    Stream<DynamicTest> everyKeyOfAKindStandsInItsExample() {
        return DocumentedKind.all().stream()
                .map(page -> DynamicTest.dynamicTest(page.kind(), () -> {
                    Set<String> keys = new HashSet<>();
                    KEYS.get(page.kind()).forEach(keys::addAll);
                    keys.removeAll(INSTEAD_OF_OTHERS);
                    assertThat(written(page)).containsAll(keys);
                }));
    }

    private static Set<String> written(DocumentedKind page) {
        Problems problems = new Problems();
        JobFiles jobs = JobFiles.read(
                page.jobs().entrySet().stream()
                        .map(file -> new ContentFile(file.getKey(), file.getValue()))
                        .toList(),
                problems);
        assertThat(problems.all()).isEmpty();
        return keys(jobs.find(page.job()).orElseThrow().tree());
    }

    private static Set<String> keys(YamlNode node) {
        Set<String> keys = new HashSet<>();
        if (node instanceof YamlNode.Fields fields) {
            fields.fields().forEach((key, value) -> {
                keys.add(key);
                keys.addAll(keys(value));
            });
        } else if (node instanceof YamlNode.Items items) {
            items.items().forEach(item -> keys.addAll(keys(item)));
        }
        return keys;
    }
}
