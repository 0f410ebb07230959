package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the program did as a process of its own. */
record ProgramRun(int exit, String out, String err) {

    /** One document and nothing behind it. */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Waits until it has ended. */
    static ProgramRun in(Path home, String... words) {
        return StartedProgram.in(home, Map.of(), words).end();
    }

    /** All that a person at a terminal sees. */
    String terminal() {
        return out + err;
    }

    /** Standard output, which is one JSON document. */
    @SuppressWarnings("unchecked")
    Map<String, Object> document() {
        assertThat(out).as("standard output; standard error was: %s", err).isNotBlank();
        return STRICT.readValue(out, Map.class);
    }

    /** The problems of the document, one line each: where, what, fix. */
    List<String> problems() {
        assertThat(document()).containsKey("problems");
        return ((List<?>) document().get("problems"))
                .stream()
                        .map(Map.class::cast)
                        .peek(problem -> assertThat(problem).containsOnlyKeys("where", "what", "fix"))
                        .map(problem -> problem.get("where") + ": " + problem.get("what") + " " + problem.get("fix"))
                        .toList();
    }
}
