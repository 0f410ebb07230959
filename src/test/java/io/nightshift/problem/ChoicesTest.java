package io.nightshift.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a message says instead of a name that is not there. */
class ChoicesTest {

    @Test
    void aSlipOfTheFingersGetsOneName() {
        assertThat(new Choices(List.of("load", "update")).advice("laod")).isEqualTo("Did you mean \"load\"?");
    }

    @Test
    void somethingElseGetsAllOfThem() {
        assertThat(new Choices(List.of("load", "update")).advice("synchronise")).isEqualTo("Known are: load, update.");
        assertThat(new Choices(List.of()).advice("load")).isEqualTo("There is none.");
    }

    @Test
    void ofVeryManyItGetsTheMostAlike() {
        List<String> many = Stream.concat(
                        IntStream.range(0, 50).mapToObj(n -> "audit_log.deleteOlderThan" + n),
                        Stream.of("posts.setSearch", "posts.setWordCount"))
                .toList();

        assertThat(new Choices(many).advice("posts.oldDrafts"))
                .startsWith("Known are 52, among them: audit_log.deleteOlderThan0, ")
                .endsWith(", posts.setSearch, posts.setWordCount.")
                .hasSizeLessThan(600);
    }
}
